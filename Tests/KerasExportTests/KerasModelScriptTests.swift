import Tabular
import Testing
import TrainCore

@testable import KerasExport

@Suite struct KerasModelScriptTests {
    private static let robust = #"{"median":2.5,"scale":0.25}"#
    /// A column of each kind.
    private static let columns = #"""
        {"name":"area","role":"number","number":{"notation":"comma","fill":3,"gap_indicator":true,"scaling":\#(robust)}},
        {"name":"ratio","role":"number","ratio":{"numerator":"area","numerator_notation":"comma","numerator_fill":3,
        "denominator":"rooms","denominator_notation":"point",
        "result":{"notation":"point","fill":1,"gap_indicator":false,"scaling":{"mean":1,"deviation":2}}}},
        {"name":"kind","role":"category",
        "category":{"levels":["a \"b\"","c"],"coding":"one_hot","other":true,"gap":true}},
        {"name":"owned","role":"yes_no","category":{"levels":["no","yes"],"coding":"sign","other":false,"gap":false}},
        {"name":"built","role":"date","date":{"format":"day_first","parts":["year","weekday"],"fill_year":1990,
        "year_scaling":{},"gap_indicator":true}}
        """#

    private func script(
        columns: String, target: String, _ layers: [Dense], reading: String = "lenient"
    ) throws -> String {
        let space = try FeatureSpace(
            json: #"{"format":1,"reading":"\#(reading)","columns":[\#(columns)],"targets":[\#(target)]}"#)
        return try KerasModelScript(
            space, Sequential(layers), modelFile: "model \"x\".safetensors", program: "traintui"
        ).text
    }

    @Test("A model with a column of each kind")
    func model() throws {
        let text = try script(
            columns: Self.columns, target: #"{"name":"price","value":{"center":100,"scale":20,"notation":"point"}}"#,
            [Dense(8, activation: .gelu), Dense(1)])
        expectSnapshot(text, named: "model")
    }

    @Test("What a model does without is not in its script")
    func onlyWhatItTakes() throws {
        let number =
            #"{"name":"x","role":"number","number":{"notation":"point","fill":0,"gap_indicator":false,"scaling":{}}}"#
        let text = try script(
            columns: number, target: #"{"name":"kind","classes":["a","b","c"]}"#, [Dense(3, activation: .softmax)])
        for word in ["datetime", "unicodedata", "def robust", "def standard", "def ratio", "def category", "cut ="] {
            #expect(!text.contains(word), "\(word)")
        }
        #expect(text.contains("        quantity(numbers(table[\"x\"]), fill=0.0, scaling=None),\n"))
        let two = try script(
            columns: number, target: #"{"name":"kind","two_classes":["a","b"]}"#, [Dense(1, activation: .sigmoid)])
        #expect(two.contains("columns[\"probability_b\"] = second\n"))
        let shares = try script(
            columns: number, target: #"{"name":"kind","classes":["a","b","c"]}"#, [Dense(4, activation: .softmax)])
        #expect(shares.contains("own = outputs[:, :3]\n") && shares.contains("cut = "))
    }

    @Test("What Keras has not is refused in one line")
    func notInKeras() throws {
        struct Cube: Activation {
            static let name = "cube"
            static let keepsZero = true
            func forward(_ z: Matrix, _ a: Matrix) {}
            func backward(_ z: Matrix, _ a: Matrix, _ gradient: Matrix) {}
        }
        let error = #expect(throws: KerasExportError.self) {
            try script(
                columns: Self.columns, target: #"{"name":"y","value":{"center":0,"scale":1,"notation":"point"}}"#,
                [Dense(1, activation: Cube())])
        }
        #expect(
            error?.description.hasPrefix("the activation 'cube' cannot be written for Keras; these can: elu, ") == true)
    }
}
