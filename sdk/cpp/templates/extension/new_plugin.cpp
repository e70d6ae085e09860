// An extension that counts for other plugins, and goes on after a restart.
#include "wardian.hpp"

using namespace wardian;

// "add", with how much, or null for 1 -> the new total. What a call that fails has added is taken back.
static Result add(Item argument) {
    WARDIAN_TRY(delta, argument.as<Optional<int64_t>>("what is added"));
    return state::add("total", delta.value_or(1));
}

// "get" -> the total, 0 before the first `add`
static Result get() {
    WARDIAN_TRY(total, state::get<Optional<int64_t>>("total"));
    return total.value_or(0);
}

// {"method": text, "argument": any} -> what the method answers
WARDIAN_FUNCTION(extension_call, [](Item request) -> Result {
    Text method = request["method"].value_or<Text>("");
    if (method == "add") return add(request["argument"]);
    if (method == "get") return get();
    return fail(unimplemented, "the methods are `add` and `get`");
});
