import TOMLTree
import Testing

@Suite struct TOMLPositionTests {
    private func places(_ text: String) throws -> [String: String] {
        var result: [String: String] = [:]
        func walk(_ node: TOMLNode, _ path: String) {
            if !path.isEmpty { result[path] = "\(node.position.line):\(node.position.column)" }
            switch node.value {
            case .table(let entries):
                for key in entries.keys { if let value = entries[key] { walk(value, "\(path)/\(key)") } }
            case .array(let items): for (index, item) in items.enumerated() { walk(item, "\(path)/\(index)") }
            default: break
            }
        }
        walk(try TOMLNode.document(text, file: "t.toml"), "")
        return result
    }

    @Test func findsKeysOfEveryKind() throws {
        let text = #"""
            a = 1 # not = here
              "q\u00e9 [x]" = "# ] }"
            b.c . 'd' = """
            [no]
            k = 2 \""" """""
            list = [ 1, # one
              "]", { x = 1, y.z = '}' } ]
            [t]
            w = 1979-05-27 07:32:00
            [t.u]
            v = '''
            [[no]]'''
            [[r]]
            n = 1
            [r.s]
            m = 2
            [[r]]
            n = 3
            """#
        #expect(
            try places(text) == [
                "/a": "1:1", "/qé [x]": "2:3", "/b": "3:1", "/b/c": "3:3", "/b/c/d": "3:7", "/list": "6:1",
                "/list/0": "6:10", "/list/1": "7:3", "/list/2": "7:8", "/list/2/x": "7:10", "/list/2/y": "7:17",
                "/list/2/y/z": "7:19", "/t": "8:1", "/t/w": "9:1", "/t/u": "10:1", "/t/u/v": "11:1", "/r": "13:1",
                "/r/0": "13:1", "/r/0/n": "14:1", "/r/0/s": "15:1", "/r/0/s/m": "16:1", "/r/1": "17:1",
                "/r/1/n": "18:1",
            ])
    }

    @Test func countsLinesThatEndInCarriageReturns() throws {
        #expect(try places("a = 1\r\n\r\n[b]\r\nc = 2\r\n") == ["/a": "1:1", "/b": "3:1", "/b/c": "4:1"])
    }
}
