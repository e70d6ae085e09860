package abi

import _ "unsafe" // for the name of a function of package runtime

// percent makes garbage collected when there are 2 MiB of it: half of what Go has by itself.
const percent = 50

// setGCPercent is debug.SetGCPercent, without what package runtime/debug brings with it: fmt and os, 200 kB.
//
//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(percent int32) int32

func init() { setGCPercent(percent) }
