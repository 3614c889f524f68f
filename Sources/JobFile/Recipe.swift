package import Tabular
package import TrainCore

/// All that a job file says: the data, what is trained on it and how, and how it is watched.
package struct Recipe: Sendable, Equatable {
    /// Where the rows come from and what becomes of them.
    package var data: TableRecipe
    /// What is trained and how.
    package var job: TrainingJob
    /// What is done when a loss or gradient is not finite.
    package var onDivergence: OnDivergence
    /// Whether it is trained again in the end, on the rows for validation too.
    package var refit: Bool
    /// How it is watched.
    package var dashboard: DashboardSettings

    /// A recipe.
    package init(
        data: TableRecipe, job: TrainingJob, onDivergence: OnDivergence = .pause, refit: Bool = false,
        dashboard: DashboardSettings = DashboardSettings()
    ) {
        self.onDivergence = onDivergence
        self.data = data
        self.refit = refit
        self.job = job
        self.dashboard = dashboard
    }

    /// The job that runs when no file is named: what ``template`` says.
    package static let builtin: Recipe = readTemplate()

    private static func readTemplate() -> Recipe {
        do {
            return try Recipe.read(template, file: "train.toml")
        } catch {
            // The template is part of the program, and a test reads it: this cannot happen to a user.
            preconditionFailure("the template is no job: \(error)")
        }
    }

    /// Recipes are equal where they are written alike.
    package static func == (left: Recipe, right: Recipe) -> Bool { left.tomlText == right.tomlText }
}

/// What is done when a loss or gradient is not finite, as a job file names it.
package enum OnDivergence: String, Sendable, CaseIterable {
    /// Wait.
    case pause
    /// Go back some steps and on with half the learning rate.
    case rewind
    /// End the run.
    case stop
}

/// How a run is watched; nothing here changes what is computed.
package struct DashboardSettings: Sendable, Equatable {
    /// The theme's name, or a theme file's path; nil where the job leaves it to the person.
    package var theme: String?
    /// Steps a second at most; 0 for as fast as it goes.
    package var pace: Double
    /// Megabytes (2^20 bytes) that may be spent on states of the past, for going back fast; nil where the job leaves it to
    /// the engine.
    package var historyMemory: Int?

    /// Settings: the person's theme, no pace and the engine's own bound where nothing is said.
    package init(theme: String? = nil, pace: Double = 0, historyMemory: Int? = nil) {
        self.historyMemory = historyMemory
        self.theme = theme
        self.pace = pace
    }
}
