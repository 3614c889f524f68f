import Foundation

/// Good texts of TOML, and words to spoil them with.
enum GoodTexts {
    /// Good texts: the built-in themes, a job, and one with all that TOML has.
    static let own: [[UInt8]] = {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let themes = ["midnight", "mono"].compactMap { name in
            try? Data(contentsOf: package.appending(path: "Themes/\(name).toml"))
        }
        return themes.map { Array($0) } + [Array(job.utf8), Array(everything.utf8)]
    }()

    static let job = #"""
        seed = 42 # names the run
        [data]
        path = "houses.csv"
        target = ["price", 'rent']
        target_scale = 1e3
        derive = { rooms = "total / households", "a.b" = 'x / y' }
        [model]
        loss = "huber"
        [[model.layers]]
        units = 30
        activation = "elu"
        kernel_regularizer = { l2 = 0.05 }
        [[model.layers]]
        units = 1
        [optimizer]
        name = "nadam"
        learning_rate = 0.01
        [optimizer.schedule]
        name = "piecewise_constant"
        boundaries = [1_000, 3_000]
        values = [
          0.01, 5e-3, # half
          0.001,
        ]
        [training]
        epochs = 5
        [dashboard]
        pace = 0
        """#

    static let everything = #"""
        a.b.'c d'."e\u00e9" = -0x0 # no
        n = [ +99, -17, 0xDEAD_beef, 0o755, 0b1101, 1_000, 9223372036854775807, -9223372036854775808 ]
        f = [ 3.1415, -0.01, 5e+22, 6.626E-34, 224_617.445_991, inf, -inf, nan, -0.0, 1e400, 4.9e-324 ]
        t = [ true, false ]
        d = [ 1979-05-27T07:32:00Z, 1979-05-27 00:32:00.999999-07:00, 1979-05-27T07:32, 2000-02-29, 07:32:00.5 ]
        s = [ "tab\t\"q\" \x41\e", 'C:\x', """
        two \
           lines "" and ""\"
        """, '''it's
        ''' ]
        point = { x = 1, y.z = 2, w = { }, }
        é = 1
        [x.y.z]
        k = []
        [x]
        y.q = 1
        [[p]]
        name = "one"
        [[p.v]]
        [p.v.w]
        [[p.v]]
        [[p]]
        """#.replacing("-0x0", with: "-0").replacing("é = 1", with: "\"é\" = 1")

    /// What stands in TOML, and what looks like it.
    static let words = [
        "[", "[[", "]", "]]", "{", "}", "=", ".", ",", "\"", "\"\"\"", "'", "'''", "#", "\\", "\\u", "\\x41", "\\e",
        "\n",
        "\r\n", "\r", " ", "\t", "\0", "\u{1}", "\u{7F}", "é", "\u{2028}", "\u{FEFF}", "e\u{301}", "0", "1", "_", "-",
        "+",
        "1e9", "0x", "inf", "nan", "true", "1979-05-27", "07:32:60", "0000-01-01", "T07:32", "Z", "-07:00", "a",
        "a.b = 1\n",
        "[a]\n", "[[a]]\n", "9223372036854775808",
    ].map { Array($0.utf8) }
}
