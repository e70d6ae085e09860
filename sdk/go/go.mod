module wardian.dev/wardian

go 1.24
