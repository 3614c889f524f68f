import Safetensors
import TrainCore

extension Reader {
    /// Weights. What is accepted must have as many values as its shapes say, and be the same weights, bit by bit, after it
    /// was written anew.
    static let safetensors = Reader(name: "safetensors") { bytes in
        do throws(SafetensorsError) {
            let weights = try Safetensors.decode(bytes)
            for tensor in weights {
                let (count, overflow) = tensor.shape.reduce((1, false)) { product, length in
                    let (next, isTooLarge) = product.0.multipliedReportingOverflow(by: length)
                    return (next, product.1 || isTooLarge)
                }
                promise(tensor.values.count == count || overflow, "a tensor has as many values as its shape says")
            }
            let written = Safetensors.encode(weights)
            do throws(SafetensorsError) {
                let again = Safetensors.encode(try Safetensors.decode(written))
                promise(again == written, "weights written anew are the same")
            } catch {
                promise(false, "weights written anew can be read: \(error)")
            }
            return true
        } catch {
            checkMessage(error.description)
            return false
        }
    }
}
