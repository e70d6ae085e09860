/* An action that counts up the version of a job: variables, which the actions after it find changed. */
#include "wardian.h"

/* The digits before `end`, as a number; false where there are none, or too many. */
static bool number(const char *begin, const char *end, uint32_t *value) {
    if (begin == end || end - begin > 9) return false;
    for (*value = 0; begin < end; begin++) {
        if (*begin < '0' || *begin > '9') return false;
        *value = *value * 10 + (uint32_t)(*begin - '0');
    }
    return true;
}

/* {"params": {"part": "major", "minor" or "patch"}} -> the new version, which is the variable `version` from now on */
WARDIAN_ENTRY(action_call) {
    wardian_item given, part_given = wardian_get(wardian_get(request, "params"), "part");
    wardian_text version, part = wardian_str("patch");
    if (!wardian_is_null(part_given) && !wardian_as_text(part_given, &part))
        return wardian_fail(WARDIAN_INVALID, "`part` must be a text");
    if (!wardian_vars_get("version", &given)) return wardian_pass_on();
    if (wardian_is_null(given)) return wardian_fail(WARDIAN_NOT_FOUND, "there is no variable `version`");
    if (!wardian_as_text(given, &version)) return wardian_fail(WARDIAN_INVALID, "`version` must be a text");

    static const char *const names[] = {"major", "minor", "patch"};
    uint32_t parts[3];
    const char *at = version.data, *end = version.data + version.size;
    int bumped = -1;
    for (int i = 0; i < 3; i++) {
        const char *stop = at;
        while (stop < end && *stop != '.') stop++;
        if (!number(at, stop, &parts[i]) || (i < 2) != (stop < end))
            return wardian_fail(WARDIAN_INVALID, wardian_format("`%.*s` is no version such as 1.4.2", WARDIAN_ARG(version)));
        at = stop + 1;
        if (wardian_equal(part, wardian_str(names[i]))) bumped = i;
    }
    if (bumped < 0) return wardian_fail(WARDIAN_INVALID, "`part` must be `major`, `minor` or `patch`");
    parts[bumped]++;
    for (int i = bumped + 1; i < 3; i++) parts[i] = 0;

    wardian_writer next = wardian_write();
    wardian_put_str(&next, wardian_format("%u.%u.%u", parts[0], parts[1], parts[2]));
    if (!wardian_vars_set("version", &next)) return wardian_pass_on();
    return wardian_reply(&next);
}
