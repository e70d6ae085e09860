// Package template fills in texts from what the running call knows. It needs the capability `template`.
package template

import "wardian.dev/wardian/internal/host"

// Expand gives a text with its placeholders filled in.
func Expand(text string) (expanded string, err error) {
	err = host.TemplateExpand.Ask(text, &expanded)
	return expanded, err
}
