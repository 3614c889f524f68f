import Canvas
import Testing

@testable import Dashboard
@testable import RunModel

@Suite("TextField")
struct TextFieldTests {
    @Test("Keys edit at the cursor")
    func keys() {
        var field = TextField("lr 0.01")
        let keys: [Key] = [
            .backspace, .backspace, .character("3"), .home, .delete, .character("L"), .end, .character("5"), .left,
            .control("w"),
        ]
        let wereMeant = keys.map { field.press($0) }
        #expect(!wereMeant.contains(false))
        #expect(field.text == "Lr 5")
        #expect(field.cursor == 3)
        let isMeant = field.press(.tab)
        #expect(!isMeant)
    }

    @Test("A text never grows beyond its capacity")
    func bounded() {
        var field = TextField()
        for _ in 0..<1000 { _ = field.press(.character("x")) }
        #expect(field.characters.count == TextField.capacity)
    }
}
