import ArgumentParser

/// What a command can be told that opens a dashboard over a training in another process.
struct AttachedOptions: ParsableArguments {
    @Flag(help: "A training that is paused stays so when the dashboard is closed.")
    var keepPaused = false

    @Option(help: ArgumentHelp("The dashboard's theme, by name or file.", valueName: "theme"))
    var theme: String?

    @OptionGroup(title: "The dashboard")
    var dashboard: DashboardOptions
}
