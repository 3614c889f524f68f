import Tabular

extension Reader {
    /// What is done to a table, as JSON. What is accepted must be the same after it was written anew, and turn a table
    /// into as many numbers as it says.
    static let space = Reader(name: "space") { bytes in
        do throws(FeatureSpaceError) {
            let space = try FeatureSpace(json: String(decoding: bytes, as: UTF8.self))
            promise(space.featureNames.count == space.featureCount, "every feature has a name")
            do throws(FeatureSpaceError) {
                promise(try FeatureSpace(json: space.jsonText) == space, "a space written anew is the same")
            } catch {
                promise(false, "a space written anew can be read: \(error)")
            }
            let file = ScratchFile.shared
            file.fill(Array("x,t,d,y\n1,a,2024-01-31,2\n,,,\n\"$1,200.5\",B,13:45,no\n".utf8))
            do throws(DataError) {
                let table = try space.apply(to: .path(file.path), withTargets: true)
                promise(table.x.count == 3 * space.featureCount, "every row has its features")
            } catch {
                checkMessage(error.description)
            }
            return true
        } catch {
            checkMessage(error.description)
            return false
        }
    }
}
