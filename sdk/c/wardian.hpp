// Wardian's SDK for guests written in C++17 and later: wardian.h with types, without exceptions, RTTI or the library.
//
//     #include "wardian.hpp"
//     using namespace wardian;
//
//     WARDIAN_FUNCTION(greet, [](Item request) -> Result {
//         WARDIAN_TRY(name, request.need<Text>("name")); // or the call fails: `name` must be a text
//         return map("text", concat("Hello, ", name, "!"));
//     });
//
// Everything here is a small value over memory of the call: nothing is owned, copied or freed. What must outlive the
// call is copied with `keep`.
#ifndef WARDIAN_HPP
#define WARDIAN_HPP

#include "hpp/values.hpp"
#include "hpp/reading.hpp"
#include "hpp/writing.hpp"
#include "hpp/results.hpp"
#include "hpp/kinds.hpp"
#include "hpp/host.hpp"

#endif
