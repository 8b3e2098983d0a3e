package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// keyVariables are those of bucket keys, which are no settings of Deskbell's own.
var keyVariables = []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}

// readVariableFiles sets DESKBELL_X to what the file named by DESKBELL_X_FILE contains, less the line's
// end, and those of bucket keys likewise: that is how containers are handed secrets (O2). What Deskbell
// starts sees the same variables.
func readVariableFiles() error {
	for _, pair := range os.Environ() {
		name, path, _ := strings.Cut(pair, "=")
		variable, ok := strings.CutSuffix(name, "_FILE")
		if !ok || path == "" || !strings.HasPrefix(variable, "DESKBELL_") && !slices.Contains(keyVariables, variable) {
			continue
		}
		if os.Getenv(variable) != "" {
			return usageError{fmt.Errorf("%s and %s are both set: unset one", variable, name)}
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return usageError{fmt.Errorf("%s: %w", name, err)}
		}
		if err := setVariable(variable, name, strings.TrimRight(string(content), "\r\n")); err != nil {
			return usageError{fmt.Errorf("%s: what the file has cannot be a variable", name)}
		}
	}
	return nil
}

func setVariable(variable, instead, value string) error {
	if err := os.Setenv(variable, value); err != nil {
		return err
	}
	return os.Unsetenv(instead)
}
