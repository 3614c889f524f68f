import CHeapCalls
import TrainCore

/// How often training steps ask for memory from the heap, on all threads of a process that does nothing else: a line
/// for each case, the number of calls and its name. The tests run it and read the lines.
///
/// With the argument `counter`: what the counter says of one call of each function that it knows.
@main
enum StepHeapCalls {
    static func main() throws {
        if CommandLine.arguments.dropFirst().first == "counter" {
            for (name, call) in HeapFunction.all { report(name, calls(of: call)) }
        } else {
            for steps in StepCase.all { report(steps.name, try steps.heapCalls()) }
        }
    }

    private static func report(_ name: String, _ calls: Int) { print(calls, name) }
}

/// The calls that a piece of work makes; -1 where they cannot be counted.
func calls(of work: () throws -> Void) rethrows -> Int {
    heap_calls_start()
    do {
        try work()
    } catch {
        _ = heap_calls_stop()
        throw error
    }
    return Int(heap_calls_stop())
}
