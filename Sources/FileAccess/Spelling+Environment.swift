package import Wording

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Spelling {
    /// What the person's locale can show, by `LC_ALL`, `LC_CTYPE` and `LANG`.
    package static var ofEnvironment: Spelling {
        guard let locale = newlocale(LC_CTYPE_MASK, "", nil) else { return .ascii }
        defer { freelocale(locale) }
        guard let name = nl_langinfo_l(nl_item(CODESET), locale) else { return .ascii }
        return String(cString: name).uppercased().filter { $0 != "-" } == "UTF8" ? .unicode : .ascii
    }
}
