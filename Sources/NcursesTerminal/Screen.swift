import CNcurses
import CTerminalGuard
package import Canvas

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal as a sheet of glass: shows frames, reads keys.
///
/// A class, because there is one terminal and its state is outside of the program. ncurses is not thread-safe: the
/// thread that makes a screen makes all calls. Every way out ends in ``close()``, which `deinit` calls too.
///
/// The program polls standard input and the descriptor of ``TerminalGuard/listen()``, and after input takes keys with
/// ``readKey()`` until there is none. Nothing here waits.
package final class Screen {
    /// The most columns and rows that are drawn, in the top left corner of a terminal that has more.
    ///
    /// More than a screen of 8K can show in letters that can be read. A terminal may say that it has 65,535, which would
    /// be four thousand million cells, and for ncurses, which counts in 16 bits, -1.
    package static let largestSize = Size(width: 1000, height: 300)

    /// Columns and rows that are drawn: the terminal's, or fewer.
    package private(set) var size: Size
    /// The characters that the terminal can show.
    package let glyphs: GlyphSet
    /// How many colours are used.
    package let colors: ColorDepth

    private var pen: Pen
    private var keys = KeyReader()
    /// What the terminal shows; nil when that is not known.
    private var shown: Frame?
    private var isCursorVisible = false
    /// Whether the terminal is this program's.
    package private(set) var isOpen = true
    private let hasDefaultColors: Bool
    private let hasMouse: Bool
    /// Whether the window has a title of ours while the terminal is.
    private let hasTitle: Bool
    private let knowsNotices: Bool
    private var title: SafeText?
    private let handle: OpaquePointer

    /// Takes over the terminal on standard input and output.
    ///
    /// - Parameters:
    ///   - theme: how roles look.
    ///   - glyphs: the characters to use; nil for braille in a UTF-8 locale (blocks on the Linux console, whose fonts
    ///     have no braille) and ASCII in others.
    ///   - colors: the most colours to use; nil for what terminfo says, or none where NO_COLOR is set (no-color.org).
    ///   - mouse: whether the terminal is asked to report the mouse.
    ///   - title: whether ``setTitle(_:)`` is to do anything.
    package init(
        theme: Theme, glyphs: GlyphSet? = nil, colors: ColorDepth? = nil, mouse: Bool = true,
        title: Bool = false
    ) throws(TerminalError) {
        TerminalGuard.install()
        guard isatty(STDOUT_FILENO) == 1 else { throw TerminalError("standard output is not a terminal") }
        guard isatty(STDIN_FILENO) == 1 else { throw TerminalError("standard input is not a terminal") }
        let terminal = getenv("TERM").map { String(cString: $0) } ?? ""
        self.glyphs = Self.glyphs(wanted: glyphs, terminal: terminal)
        knowsNotices = TerminalNotice.isKnown(to: terminal)
        hasTitle = title && knowsNotices

        hasMouse = mouse
        terminal_guard_open()
        // Another job's terminal is not to be touched. Where the program is told to end instead, it has ended by now.
        _ = terminal_guard_await_foreground()
        Self.prepareSize()
        set_escdelay(25)
        do throws(TerminalError) {
            try Self.checkDescription(of: terminal)
            // Before ncurses starts, for it changes the terminal at once.
            let restore = Self.restoringBytes(title: hasTitle)
            terminal_guard_arm(restore, restore.count)
            guard let handle = shim_newterm() else { throw Self.unknown(terminal) }
            self.handle = handle
        } catch {
            terminal_guard_disarm()
            terminal_guard_close()
            throw error
        }

        raw()
        noecho()
        nonl()
        keypad(shim_stdscr(), true)
        nodelay(shim_stdscr(), true)
        // Its own reports are read here: ncurses knows only the old ones in many terminals, which end at column 223.
        keyok(KEY_MOUSE, false)
        intrflush(shim_stdscr(), false)
        curs_set(0)

        var depth = ColorDepth.none
        let isColorless = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        // Once started, colours write a ground of their own: where none are wanted they must not be.
        if !isColorless || colors != nil, colors != ColorDepth.none, has_colors(), start_color() == OK {
            depth = min(ColorDepth(colors: Int(shim_colors())), colors ?? .xterm256)
        }
        self.colors = depth
        hasDefaultColors = depth > .none && use_default_colors() == OK
        pen = Pen(theme: theme, depth: depth, hasDefaultColors: hasDefaultColors)
        size = Size(width: Int(getmaxx(shim_stdscr())), height: Int(getmaxy(shim_stdscr())))
        if hasMouse { shim_write(MouseReport.begin) }
        if hasTitle { shim_write(TerminalNotice.keepTitle) }
    }

    deinit { close() }

    // MARK: - Showing

    /// Shows a frame; only cells that changed are written, in characters that the terminal can show.
    package func present(_ frame: Frame) {
        guard isOpen else { return }
        let comparable = shown?.size == frame.size ? shown : nil
        for y in 0..<min(frame.size.height, size.height) { write(row: y, of: frame, unlike: comparable) }
        shown = frame

        if let cursor = frame.cursor { move(Int32(clamping: cursor.y), Int32(clamping: cursor.x)) }
        if isCursorVisible != (frame.cursor != nil) {
            isCursorVisible.toggle()
            curs_set(isCursorVisible ? 1 : 0)
        }
        refresh()
    }

    /// Writes the cells of a row that differ, each run of one ink at once. Blanks take any ink of their ground: to change
    /// it costs more bytes than a character.
    private func write(row y: Int, of frame: Frame, unlike old: Frame?) {
        let width = min(frame.size.width, size.width)
        func isNews(_ x: Int) -> Bool { old.map { $0[x, y] != frame[x, y] } ?? true }
        var x = 0
        while x < width {
            let first = frame[x, y]
            if first.isContinuation || !isNews(x) {
                x += 1
                continue
            }
            let start = x
            let ground = pen.ground(of: first.role)
            var role: Role?
            var text: [wchar_t] = []
            while x < width, isNews(x) {
                let cell = frame[x, y]
                if cell.character == " " {
                    guard pen.ground(of: cell.role) == ground else { break }
                } else {
                    guard cell.role == role || role == nil && pen.ground(of: cell.role) == ground else { break }
                    role = cell.role
                }
                if !cell.isContinuation {
                    let character = glyphs.spelling(of: cell.character)
                    text += character.unicodeScalars.map { wchar_t(bitPattern: $0.value) }
                }
                x += 1
            }
            if let role { pen.take(role) } else { pen.takeForBlanks(first.role) }
            mvaddnwstr(Int32(y), Int32(start), text, Int32(text.count))
        }
    }

    /// Changes how roles look, from the next frame on.
    package func setTheme(_ theme: Theme) {
        guard isOpen else { return }
        pen = Pen(theme: theme, depth: colors, hasDefaultColors: hasDefaultColors)
        shown = nil
    }

    // MARK: - Telling a person elsewhere

    /// Gives the window a title, where it is to have one.
    package func setTitle(_ text: SafeText) {
        guard isOpen, hasTitle, text != title else { return }
        title = text
        shim_write(TerminalNotice.title(text))
    }

    /// Rings the bell, shows a notification, where the terminal knows how.
    package func announce(_ text: SafeText, bell: Bool, notification: Bool) {
        guard isOpen, knowsNotices else { return }
        if notification { shim_write(TerminalNotice.notification(text)) }
        if bell { shim_write(TerminalNotice.bell) }
    }

    // MARK: - Reading

    /// What came since the last call, nil when there is nothing more. Does not wait.
    package func readKey() -> Input? {
        guard isOpen else { return nil }
        switch keys.next() {
        case .key(let key): return .key(key)
        case .mouse(let event): return .mouse(event)
        case .resize: return .resized(refreshSize())
        case nil: return nil
        }
    }

    /// Asks the terminal for its size; call it when SIGWINCH came. The next frame is drawn on a clean screen.
    @discardableResult
    package func refreshSize() -> Size {
        guard isOpen else { return size }
        var (columns, rows): (Int32, Int32) = (0, 0)
        if shim_terminal_size(&columns, &rows) == 0 {
            size = Self.clipped(columns, rows)
            resize_term(Int32(size.height), Int32(size.width))
        }
        forget()
        return size
    }

    /// What the terminal shows is not known any more: the next frame is written whole.
    private func forget() {
        shown = nil
        werase(shim_stdscr())
        clearok(shim_stdscr(), true)
    }

    // MARK: - Leaving

    /// Stops the program as Ctrl-Z does, with the terminal as it was found; returns when it goes on.
    package func suspend() {
        guard isOpen else { return }
        leave()
        terminal_guard_disarm()
        terminal_guard_restore_modes()
        terminal_guard_stop()
        guard terminal_guard_await_foreground() != 0 else {
            // Told to end while it was stopped: the terminal has been left already.
            isOpen = false
            return
        }
        let restore = Self.restoringBytes(title: hasTitle)
        terminal_guard_arm(restore, restore.count)
        takeOver()
    }

    /// Takes the terminal over again after SIGCONT. Present a frame after it.
    package func resume() {
        // Where the program was told to end instead, the terminal may be another job's.
        guard isOpen, terminal_guard_await_foreground() != 0 else { return }
        takeOver()
    }

    private func takeOver() {
        reset_prog_mode()
        isCursorVisible = false
        curs_set(0)
        if hasMouse { shim_write(MouseReport.begin) }
        if hasTitle { shim_write(TerminalNotice.keepTitle) }
        title = nil
        refreshSize()
    }

    /// Leaves the terminal as it was found. A second call does nothing.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        if terminal_guard_is_in_foreground() != 0 {
            leave()
            terminal_guard_restore_modes()
        }
        // In the background ncurses would change the modes of the job that has the terminal now; and of what it writes to
        // a terminal that stopped reading nothing arrives.
        if terminal_guard_is_in_foreground() == 0 || terminal_guard_has_given_up_terminal() != 0 {
            terminal_guard_put_back()
        }
        delscreen(handle)
        terminal_guard_disarm()
        terminal_guard_close()
    }

    /// Hands the terminal back through ncurses.
    private func leave() {
        if hasMouse { shim_write(MouseReport.end) }
        if hasTitle { shim_write(TerminalNotice.bringBackTitle) }
        endwin()
    }

    /// The terminal is gone: from now on nothing is shown and no key comes.
    package func abandon() {
        guard isOpen else { return }
        isOpen = false
        TerminalGuard.giveUpOutputs()
        terminal_guard_disarm()
        terminal_guard_close()
    }

    // MARK: - Finding out

    private static func checkDescription(of terminal: String) throws(TerminalError) {
        guard shim_describe_terminal() == 0 else { throw unknown(terminal) }
        guard shim_capability("cup") != nil else {
            throw TerminalError(
                "a terminal of type '\(SafeText(terminal))' cannot place its cursor; set TERM, for example to xterm-256color"
            )
        }
    }

    private static func unknown(_ terminal: String) -> TerminalError {
        TerminalError(
            terminal.isEmpty
                ? "no terminal type is set; set TERM, for example to xterm-256color"
                : "the terminal type '\(SafeText(terminal))' is not known; set TERM, for example to xterm-256color")
    }

    private static func clipped(_ columns: Int32, _ rows: Int32) -> Size {
        Size(width: min(Int(columns), largestSize.width), height: min(Int(rows), largestSize.height))
    }

    /// Lets ncurses start with the size that is drawn: the terminal's, whatever the environment says.
    private static func prepareSize() {
        var (columns, rows): (Int32, Int32) = (0, 0)
        let isKnown = shim_terminal_size(&columns, &rows) == 0
        let size = clipped(columns, rows)
        let isTooLarge = isKnown && (size.width < columns || size.height < rows)
        use_tioctl(!isTooLarge)
        guard isTooLarge else { return }
        setenv("COLUMNS", "\(size.width)", 1)
        setenv("LINES", "\(size.height)", 1)
    }

    private static func glyphs(wanted: GlyphSet?, terminal: String) -> GlyphSet {
        setlocale(LC_ALL, "")
        // Numbers in C's functions must not depend on who runs the program.
        setlocale(LC_NUMERIC, "C")
        let isUnicode = String(cString: shim_codeset()).uppercased().filter { $0 != "-" } == "UTF8"
        if let wanted {
            // Somebody knows better than the locale.
            if wanted != .ascii, !isUnicode { setlocale(LC_CTYPE, "C.UTF-8") }
            return wanted
        }
        guard isUnicode else { return .ascii }
        return terminal == "linux" ? .blocks : .braille
    }

    /// The bytes that leave the screen as ``close()`` would, for a handler that cannot ask terminfo.
    private static func restoringBytes(title: Bool) -> [CChar] {
        let leave = shim_capability("rmcup").map { String(cString: $0) }
        let names = ["op", "sgr0", "rmkx", "cnorm"]
        let all =
            [MouseReport.end] + (title ? [TerminalNotice.bringBackTitle] : [])
            + names.compactMap { shim_capability($0).map { String(cString: $0) } }
            + [leave ?? "\r\n"]
        // Padding such as $<5/> is for terminals of another century.
        var bytes: [CChar] = []
        var isPadding = false
        let text = Array(all.joined().utf8)
        for (index, byte) in text.enumerated() {
            if byte == UInt8(ascii: "$"), index + 1 < text.count, text[index + 1] == UInt8(ascii: "<") {
                isPadding = true
            }
            if !isPadding { bytes.append(CChar(bitPattern: byte)) }
            if byte == UInt8(ascii: ">") { isPadding = false }
        }
        return bytes
    }
}
