import Dispatch

/// A clock that only goes forward.
package enum MonotonicClock {
    /// Seconds on it.
    package static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
}
