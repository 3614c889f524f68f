// ThemeFile
