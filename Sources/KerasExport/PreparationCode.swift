import Tabular
import Wording

/// Python that reads cells and makes features of them, function by function, with the rules of ``Tabular``.
enum PreparationCode {
    static let table = #"""
        def read_table(path):
            """The columns of a CSV file, each a list of texts without blanks around them."""
            with open(path, newline="", encoding="utf-8-sig") as file:
                line = "".join(file.readline().split('"')[::2])
                file.seek(0)
                delimiter = max(",;\t", key=line.count)
                names, *rows = (row for row in csv.reader(file, delimiter=delimiter) if row)
            return {name.strip(" \t"): [row[i].strip(" \t") for row in rows] for i, name in enumerate(names)}


        BLANKS = " \t\xa0"
        GAPS = \#(words(amongValues: false))
        VALUE_GAPS = GAPS | \#(words(amongValues: true))
        """#

    /// A set of words in Python: those for any column, or what numbers, dates, yes and no have besides.
    private static func words(amongValues: Bool) -> String {
        let words = GapWords.words(amongValues: amongValues)
            .subtracting(amongValues ? GapWords.words(amongValues: false) : [])
        return "{" + words.sorted().map(quoted).joined(separator: ", ") + "}"
    }

    static let numbers = #"""
        def number_in(text, comma):
            """The number that a cell says, NaN where it says none: 1,234.5, $12, 5 %, (3)."""
            if text.strip(BLANKS).lower() in VALUE_GAPS:
                return np.nan
            blanks = BLANKS + "\u202f\u2009"
            currencies = "$€£¥₹₩₽"
            text, sign, is_signed = text.strip(blanks), 1, False
            if text[:1] == "(" and text[-1:] == ")":
                text, sign, is_signed = text[1:-1], -1, True
            marks = set()
            while text:
                if text[0] in "+-−" and not is_signed:
                    sign, is_signed = (1 if text[0] == "+" else -1), True
                elif text[0] in currencies and "$" not in marks:
                    marks.add("$")
                elif text[0] not in blanks:
                    break
                text = text[1:]
            while text:
                if text[-1] == "%" and "%" not in marks:
                    marks.add("%")
                elif text[-1] in currencies and "$" not in marks:
                    marks.add("$")
                elif text[-1] not in blanks:
                    break
                text = text[:-1]
            decimal, thousands = (",", ".") if comma else (".", ",")
            head = re.match(rf"[0-9]+(?:([{thousands}'{blanks}])[0-9]*(?:\1[0-9]+)*)?", text)
            whole, rest, is_grouped = "", text, False
            if head:
                whole, rest = head[0], text[head.end():]
                if head[1]:
                    groups, is_grouped = whole.split(head[1]), True
                    if len(groups[0]) <= 3 and len(groups[-1]) == 3 and all(len(g) in (2, 3) for g in groups[1:-1]):
                        whole = "".join(groups)
                    elif comma and len(groups) == 2 and head[1] == ".":
                        whole = ".".join(groups)
                    else:
                        return np.nan
            if rest.startswith(decimal):
                if "." in whole:
                    return np.nan
                rest = "." + rest[1:]
            elif "." in rest:
                return np.nan
            plain = r"([0-9]+\.?[0-9]*|\.[0-9]+)" + ("" if is_grouped else r"([eE][+-]?[0-9]+)?")
            return sign * float(whole + rest) if re.fullmatch(plain, whole + rest) else np.nan


        def numbers(cells, comma=False):
            with np.errstate(over="ignore"):
                return np.array([number_in(text, comma) for text in cells]).astype(np.float32)
        """#

    static let quantity = #"""
        def quantity(values, fill, scaling, gap=False, edges=()):
            """A number as a feature, with what takes the place of gaps; another one that says where they are; and how
            far the number is through each piece between two edges."""
            is_gap = ~np.isfinite(values)
            filled = np.where(is_gap, np.float32(fill), values)
            feature = filled if scaling is None else scaling(filled)
            features = [feature, is_gap] if gap else [feature]
            if edges:
                edges = np.array(edges, np.float32)
                lengths = edges[1:] - edges[:-1]
                features.append(np.clip((feature[:, None] - edges[:-1]) / lengths, 0, 1))
            return np.column_stack(features) if len(features) > 1 else feature
        """#

    static let ratio = #"""
        def ratio(above, below, fill_above=np.nan, fill_below=np.nan):
            above = np.where(np.isfinite(above), above, np.float32(fill_above))
            below = np.where(np.isfinite(below), below, np.float32(fill_below))
            with np.errstate(all="ignore"):
                return above / below
        """#

    static let standard = #"""
        def standard(mean, deviation):
            return lambda x: ((x.astype(np.float64) - mean) / deviation).astype(np.float32)
        """#

    static let robust = #"""
        def robust(median, scale):
            """About 0, and never beyond 3."""
            def apply(x):
                distance = (x.astype(np.float64) - median) * scale
                return (distance / np.sqrt(1 + (distance / 3) ** 2)).astype(np.float32)
            return apply
        """#

    static let levels = #"""
        def key(text):
            """What a level is known by: letter case, blanks and .0 behind a whole number make no difference."""
            text = "".join(letter.lower() for letter in text.strip(BLANKS))
            whole, point, zeros = text.partition(".")
            digits = whole.lstrip("-")
            is_whole = digits.isascii() and digits.isdigit() and zeros and not zeros.strip("0")
            if is_whole and len(text.encode()) <= \#(LevelKey.mostCharacters):
                text = whole
            return unicodedata.normalize("NFC", text)


        def is_gap(text, words):
            return text.strip(BLANKS).lower() in words
        """#

    static let exactLevels = #"""
        def key(text):
            return unicodedata.normalize("NFC", text)


        def is_gap(text, words):
            return text.lower() in ("", "na", "nan", "null")
        """#

    static let category = #"""
        def category(cells, levels, sign=False, other=False, gap=False, words=GAPS):
            """A feature for each level, or one for two: -1 and +1; others for texts that are none, and for gaps."""
            keys = {key(level): place for place, level in enumerate(levels)}
            places = np.array([keys.get(key(text), -1) for text in cells])
            missing = np.array([is_gap(text, words) for text in cells]) & (places < 0)
            known = [places == place for place in range(len(levels))]
            features = [known[1].astype(float) - known[0]] if sign else known
            if other:
                features = features + [(places < 0) & ~missing]
            return np.column_stack(features + [missing] if gap else features)
        """#

    static let classNumbers = #"""
        def class_numbers(cells, classes):
            """The classes' places, NaN where a cell has none."""
            keys = {key(name): place for place, name in enumerate(classes)}
            return np.array([keys.get(key(text), np.nan) for text in cells], np.float32)
        """#

    static let dates = #"""
        TIME = r"(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?(?: *((?i:[AP]M|[AP]\.M\.|Z|UTC|GMT)|[+-]\d\d(?::?\d\d)?))?"
        YEAR = r"(?P<year>\d{4}|\d\d)(?!\d)"
        NAMED = r"(?P<month>[A-Za-z]+)", r"(?P<day>\d\d|\d(?!\d))"
        DAYS = {
            "year_first": r"(?P<year>\d{4})(?:([-/.])(?P<month>\d\d?)\2(?P<day>\d\d?)|(?P<m>\d\d)(?P<d>\d\d))",
            "month_first": rf"(?P<month>\d\d?)([-/.])(?P<day>\d\d?)\2{YEAR}",
            "day_first": rf"(?P<day>\d\d?)([-/.])(?P<month>\d\d?)\2{YEAR}",
            "named": rf"{NAMED[0]}[-/., ]*{NAMED[1]}[-/., ]*{YEAR}",
            "named after": rf"{NAMED[1]}[-/., ]*{NAMED[0]}[-/., ]*{YEAR}",
        }
        MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                  "november", "december")


        def seconds(text):
            """Seconds since midnight; None where it is no time of the day."""
            match = re.fullmatch(TIME, text, re.ASCII)
            compact = re.fullmatch(r"(\d\d)(\d\d)(?:(\d\d)Z?)?", text, re.ASCII)
            if not match and not compact:
                return None
            hour, minute, second = (int(part or 0) for part in (match or compact).groups()[:3])
            half = (match[4] or "").upper()[:1] if match else ""
            if half in ("A", "P"):
                if not 1 <= hour <= 12:
                    return None
                hour = hour % 12 + (12 if half == "P" else 0)
            return hour * 3600 + minute * 60 + second if hour < 24 and minute < 60 and second <= 60 else None


        def moment(text, form):
            """The day as a date, and the seconds since midnight; each None where the cell does not say it."""
            if len(text.encode()) > 40:
                return None, None
            if form == "time":
                return None, (seconds(text) if ":" in text else None)
            match = re.match(DAYS[form], text, re.ASCII)
            if not match and form == "named":
                match = re.match(DAYS["named after"], text, re.ASCII)
            if not match:
                return None, None
            parts = {name: part for name, part in match.groupdict().items() if part}
            month = parts.get("month") or parts.get("m")
            if form == "named":
                word = month.lower()
                found = [i for i, name in enumerate(MONTHS) if word in (name, name[:3]) or (word == "sept" and i == 8)]
                month = found[0] + 1 if found else 0
            year = int(parts["year"])
            if len(parts["year"]) == 2:
                year += 2000 if year < 69 else 1900
            try:
                day = datetime.date(year, int(month), int(parts.get("day") or parts.get("d")))
            except ValueError:
                return None, None
            rest = text[match.end():]
            if not rest:
                return day, None
            behind = re.fullmatch(r"(, ?|T| )(.*)", rest)
            time = seconds(behind[2]) if behind and (":" in rest or behind[1] == "T") else None
            return (None, None) if time is None else (day, time)
        """#

    static let date = #"""
        def date(cells, form, parts, fill_year=0, scaling=None, gap=False):
            """Years as numbers, and ways around the year, the week and the day as sines and cosines, 0 for gaps."""
            moments = [moment(text, form) for text in cells]
            features = []
            for part in parts:
                values = []
                for day, time in moments:
                    if part == "hour":
                        values.append(np.nan if time is None else time / 86400)
                    elif day is None:
                        values.append(np.nan)
                    elif part == "weekday":
                        values.append(day.weekday() / 7)
                    else:
                        passed = (day - datetime.date(day.year, 1, 1)).days
                        length = 366 if day.year % 4 == 0 and (day.year % 100 or day.year % 400 == 0) else 365
                        way = (passed + (time or 0) / 86400 * (part == "year")) / length
                        values.append(day.year + way if part == "year" else way)
                values = np.array(values)
                if part == "year":
                    features.append(quantity_of_years(values, fill_year, scaling))
                else:
                    features += [np.nan_to_num(np.sin(2 * np.pi * values)), np.nan_to_num(np.cos(2 * np.pi * values))]
            missing = [day is None and time is None for day, time in moments]
            return np.column_stack(features + [missing] if gap else features)


        def quantity_of_years(values, fill, scaling):
            years = np.where(np.isnan(values), fill, values).astype(np.float32)
            return years if scaling is None else scaling(years)
        """#
}
