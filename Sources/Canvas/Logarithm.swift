#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Logarithms and powers for axes: pictures, not arithmetic that anybody relies on bit for bit.
package enum Logarithm {
    /// The decimal logarithm.
    static func ten(_ value: Double) -> Double { log10(value) }

    /// Ten to a power from 0 up; infinite beyond what a Double can hold.
    static func powerOfTen(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

    /// A number to a power.
    package static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}
