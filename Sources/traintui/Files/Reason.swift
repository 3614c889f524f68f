import Foundation

/// An error of Foundation's in the few words that the system itself has for it.
func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile?, .fileNoSuchFile?: return String(cString: strerror(ENOENT))
    case .fileReadNoPermission?, .fileWriteNoPermission?: return String(cString: strerror(EACCES))
    case .fileWriteOutOfSpace?: return String(cString: strerror(ENOSPC))
    default: break
    }
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    guard underlying.domain == NSPOSIXErrorDomain else { return error.localizedDescription }
    return String(cString: strerror(Int32(underlying.code)))
}
