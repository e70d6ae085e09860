// Package slot keeps what one call leaves for the next.
package slot
