import Canvas
import RunModel
import TrainProtocol

extension DashboardState {
    /// Asks the engine for a value, after so many steps or at once, or says why not.
    mutating func set(_ index: Int, to value: SettingValue, over steps: Int = 0) -> [Effect] {
        let control = controls[index]
        if let objection = control.objection(to: value) {
            return refuse(objection, role: .bad)
        }
        guard value != control.target else {
            return refuse("\(control.title) is \(control.textWithUnit(value)) already", role: .dim)
        }
        guard steps > 0, let number = value.number else { return ask(.set(control.name, value)) }
        return ask(.ramp(control.name, number, over: steps))
    }

    /// Multiplies the selected hyperparameter by a factor.
    mutating func scaleSelected(by factor: Double) -> [Effect] {
        guard let index = selectedControl else {
            return refuse("this run has no hyperparameters")
        }
        let control = controls[index]
        if control.target == 0, !control.isWhole || factor < 1 {
            return refuse("\(control.title) is \(control.text(0)), which no factor changes; enter types a value")
        }
        return set(index, to: control.scaled(by: factor))
    }

    /// The pace to come.
    private var pace: Double { requests.pace ?? progress?.pace ?? PaceLadder.unlimited }

    /// Goes up or down the ladder of paces.
    mutating func changePace(faster: Bool) -> [Effect] {
        guard !faster else { return set(pace: PaceLadder.faster(than: pace)) }
        return set(pace: PaceLadder.slower(than: pace, observed: progress?.stepsPerSecond))
    }

    /// Asks for a pace.
    mutating func set(pace wanted: Double) -> [Effect] {
        if wanted == PaceLadder.unlimited, pace == PaceLadder.unlimited {
            return refuse("already as fast as it goes", role: .dim)
        }
        guard wanted != pace else { return refuse("the pace is \(NumberFormat.shortest(wanted)) already", role: .dim) }
        return ask(.setPace(wanted))
    }
}
