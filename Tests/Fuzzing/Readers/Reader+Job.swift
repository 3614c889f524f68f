import JobFile

extension Reader {
    /// A job file. What is accepted must be the same job after it was written in full, as it stands in a journal.
    static let job = Reader(name: "job") { bytes in
        let file = ScratchFile.shared
        file.fill(bytes)
        do throws(JobFileError) {
            let text = try Recipe.read(path: file.path).tomlText
            do throws(JobFileError) {
                promise(
                    try Recipe.read(text, file: "again").tomlText == text,
                    "a job written in full is the same")
            } catch {
                promise(false, "a job written in full is a job: \(error)")
            }
            return true
        } catch {
            checkMessage(error.description)
            return false
        }
    }
}
