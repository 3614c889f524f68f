import Foundation
import Testing

extension Program {
    struct BenchTests {
        @Test("the benchmark breaks a step down into phases whose shares are of that step, as JSON")
        func breakdown() throws {
            let folder = try Folder()
            try folder.write("job.toml", "[training]\nepochs = 1\n")
            let bench = try Invocation("bench", "job.toml", "--json", "--rounds", "1", in: folder)
            #expect(bench.code == 0, "\(bench.errors)")
            let report = try JSONDecoder.snakeCase.decode(Report.self, from: Data(bench.output.utf8))
            // All cores together do more than one of them; a busy machine may give them less.
            #expect(report.ceiling.gigaflopsOfAll > report.ceiling.gigaflops / 3)
            #expect(report.cases.map(\.name) == ["job.toml"])
            let parts = report.cases.flatMap(\.breakdown.parts)
            #expect(parts.first?.phase == "batch" && parts.last?.phase == "metrics")
            for part in parts { #expect(part.nanoseconds > 0 && part.share > 0) }
            // The job's one epoch is over long before the turns are.
            for bench in report.cases { #expect(bench.watched.byClock.share > 0.1) }
        }

        @Test("what checkpoints cost is measured of a run that writes far more of them than come by themselves")
        func kept() throws {
            let folder = try Folder()
            try folder.write("job.toml", "[training]\nepochs = 1\n")
            let bench = try Invocation("bench", "job.toml", "--kept", "--json", "--rounds", "1", in: folder)
            #expect(bench.code == 0, "\(bench.errors)")
            let kept = try #require(
                JSONDecoder.snakeCase.decode(KeptReport.self, from: Data(bench.output.utf8)).kept.first)
            #expect(kept.checkpointsPerSecond > 1 && kept.milliseconds > 0 && kept.megabytes > 0.01)
            #expect(kept.secondsToFirst < kept.secondsBetween && kept.secondsBetween <= 30)
        }

        private struct KeptReport: Decodable {
            struct Kept: Decodable {
                let checkpointsPerSecond: Double
                let milliseconds: Double
                let megabytes: Double
                let secondsToFirst: Double
                let secondsBetween: Double
            }
            let kept: [Kept]
        }

        @Test("what would be left unmeasured is an error")
        func contradictions() throws {
            for options in [["--kept", "--sweep"], ["--kept", "--csv", "x.csv"], ["--sweep", "--csv", "x.csv"]] {
                let bench = try Invocation(["bench"] + options, in: try Folder())
                #expect(bench.code == 64 && bench.errors.contains("choose one"), "\(options): \(bench.errors)")
            }
        }

        private struct Report: Decodable {
            struct Case: Decodable {
                struct Breakdown: Decodable {
                    struct Part: Decodable {
                        let phase: String
                        let nanoseconds: Double
                        let share: Double
                    }
                    let parts: [Part]
                }
                struct Watched: Decodable {
                    struct Share: Decodable { let share: Double }
                    let byClock: Share
                }
                let name: String
                let breakdown: Breakdown
                let watched: Watched
            }
            struct Ceiling: Decodable {
                let gigaflops: Double
                let gigaflopsOfAll: Double
            }
            let ceiling: Ceiling
            let cases: [Case]
        }
    }
}

extension JSONDecoder {
    fileprivate static var snakeCase: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }
}
