// A function without a body is allowed where there is assembly.
