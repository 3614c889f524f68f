/// Two hundred names, each with something in it that a terminal obeys, or that hides or turns what follows.
package let hostileNames: [String] = {
    let poison = [
        "\u{1B}[31m", "\u{1B}]0;owned\u{7}", "\u{1B}c", "\u{9B}31m", "\u{9D}0;x\u{9C}", "\u{90}q\u{9C}",
        "\u{85}",
        "\u{8}\u{8}", "\u{7F}", "\u{7}", "\r", "\t", "\u{B}\u{C}", "\u{202E}", "\u{202A}\u{202C}",
        "\u{2066}\u{2069}",
        "\u{200E}", "\u{200F}", "\u{61C}", "\u{200B}", "\u{2028}", "\u{FEFF}", "\u{E0001}", "\u{AD}", "␛é中",
    ]
    let shapes: [(String) -> String] = [
        { $0 }, { "a\($0)" }, { "\($0)b" }, { "a\($0)b" }, { "\($0)\($0)" }, { "größe \($0)" }, { "a'\($0)'" },
        { "\($0)\u{1B}[0m" },
    ]
    return poison.flatMap { poison in shapes.map { $0(poison) } }
}()
