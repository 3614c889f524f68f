import ArgumentParser

/// What every command can be told that opens a dashboard.
struct DashboardOptions: ParsableArguments {
    @Flag(help: "Leave the mouse to the terminal, to select and copy text with.")
    var noMouse = false
}
