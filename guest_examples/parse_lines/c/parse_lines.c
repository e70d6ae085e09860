/* A processor that makes a map of each line of `key=value` pairs; a bad line fails alone. */
#include "wardian_kinds.h"

static bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

/* The end of the word that begins at `at`. What stands in quotes may hold spaces; an open quote gives more than the end. */
static size_t word_end(wardian_text line, size_t at) {
    bool quoted = false;
    for (; at < line.size && (quoted || !is_space(line.data[at])); at++) quoted ^= line.data[at] == '"';
    return quoted ? line.size + 1 : at;
}

/* Puts `key=value` into the map; NULL, or what is wrong with it. */
static const char *put_pair(wardian_writer *map, wardian_text word) {
    size_t sign = 0;
    while (sign < word.size && word.data[sign] != '=') sign++;
    if (sign == word.size) return "there is no `=`";
    if (sign == 0) return "there is no key before `=`";
    wardian_text value = {word.data + sign + 1, word.size - sign - 1};
    if (value.size >= 2 && value.data[0] == '"' && value.data[value.size - 1] == '"') {
        value.data++;
        value.size -= 2;
    }
    wardian_put_text(map, (wardian_text){word.data, sign});
    wardian_put_text(map, value);
    return NULL;
}

/* The map of a line; NULL, or what is wrong. `*pairs` is 0 for a line that says nothing. */
static const char *parse(wardian_text line, wardian_writer *map, size_t *pairs) {
    *pairs = 0;
    wardian_put_map(map);
    for (size_t at = 0; at < line.size;) {
        if (is_space(line.data[at])) {
            at++;
            continue;
        }
        if (line.data[at] == '#' && *pairs == 0) break; /* a comment */
        size_t end = word_end(line, at);
        if (end > line.size) return "a quote has no end";
        const char *fault = put_pair(map, (wardian_text){line.data + at, end - at});
        if (fault) return fault;
        ++*pairs;
        at = end;
    }
    wardian_put_end(map);
    return NULL;
}

/* The error of one line says which one it is, for whoever mends it later. */
static void put_bad_line(wardian_writer *reply, const char *fault, wardian_item line) {
    wardian_put_map(reply);
    wardian_set_str(reply, "kind", WARDIAN_INVALID);
    wardian_set_str(reply, "message", fault);
    wardian_set_str(reply, "code", "bad_line");
    wardian_put_str(reply, "details");
    wardian_put_map(reply);
    wardian_set_item(reply, "line", line);
    wardian_put_end(reply);
    wardian_put_end(reply);
}

static bool parse_record(wardian_writer *reply, wardian_item record) {
    wardian_item data = wardian_get(record, "data");
    wardian_writer map = wardian_write();
    wardian_item made;
    wardian_text line;
    size_t pairs = 0;
    const char *fault = wardian_as_text(data, &line) ? parse(line, &map, &pairs) : "`data` must be a text";
    if (!fault) fault = map.fault;
    /* Read again as it was written, for a key that stands twice: it would make the whole reply wrong. */
    if (!fault) fault = wardian_decode(map.data, map.size, &made);
    if (fault) {
        put_bad_line(reply, fault, data);
        return true;
    }
    wardian_put_list(reply); /* an empty list drops the record */
    if (pairs) {
        wardian_put_map(reply);
        wardian_set_others(reply, record, "data");
        wardian_set_item(reply, "data", made);
        wardian_put_end(reply);
    }
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), parse_record); }
