import TOMLTree
import Testing

@Suite struct OfficialCasesTests {
    /// Those read otherwise, each with its reason. There are none.
    static let deviations: [String: String] = [:]

    @Test(.enabled(if: OfficialCases.all != nil, "skipped: \(OfficialCases.count) official cases; PyPI is not there"))
    func everyOfficialCaseIsReadOrRefusedAsItShouldBe() throws {
        let cases = try #require(OfficialCases.all)
        #expect(cases.count == OfficialCases.count)
        for official in cases where Self.deviations[official.name] == nil {
            do {
                let value = try TOMLNode.document(utf8: official.text, file: "t.toml").value.canonicalText
                #expect(value == official.value, "\(official.name)")
            } catch {
                #expect(official.value == nil, "\(official.name): \(error)")
                #expect(!error.description.contains("\n"))
            }
        }
    }
}
