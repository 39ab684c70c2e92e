/*
 * A guest for the world test:inventory/inventory (../wit), against the canonical ABI by hand: no generator made its glue.
 *
 * What comes in, as a parameter or as an import's result, is the guest's to free. What a function returns lives until
 * its post-return. C lays these structs out as the canonical ABI does its records.
 */
#include <stdio.h>

#include "canonical.h"

#define STORE(name) IMPORT("test:inventory/store@1.0.0", name)
#define DESK(name) EXPORT("test:inventory/desk@1.0.0#" name)
#define POST_RETURN(name) EXPORT("cabi_post_test:inventory/desk@1.0.0#" name)

enum query_tag { ALL, BY_NAME, BY_PRICE, BY_CARE };
enum failure_tag { REFUSED, NOT_FOUND, SHORT_OF };
enum care { FRAGILE = 1, KEEP_COLD = 2, HEAVY = 4 };
static const char *const units[] = {"piece", "gram", "litre"};
static const char *const cares[] = {"fragile", "keep-cold", "heavy"};

typedef struct {
  bool some;
  string value;
} option_string;

typedef struct {
  string name;
  uint32_t count;
  double price;
  string *tags;
  size_t tag_count;
  uint8_t unit, care;
  option_string parent;
} item;
_Static_assert(sizeof(item) == 48 && offsetof(item, parent) == 36, "not the canonical layout");

typedef struct {
  item *at;
  size_t length;
} items;

typedef struct {
  uint8_t tag;
  string name;
  uint32_t by;
} failure;

typedef struct {
  uint8_t tag;
  union {
    string name;
    double price[2];
    uint8_t care;
  } as;
} query;

typedef struct {
  bool is_err;
  union {
    items ok;
    failure err;
  } as;
} found;

typedef struct {
  bool is_err;
  union {
    uint64_t ok;
    failure err;
  } as;
} stored;

typedef struct {
  bool some;
  item value;
} option_item;

_Static_assert(sizeof(query) == 24 && sizeof(found) == 20 && sizeof(stored) == 24, "not the canonical layout");

/* Flat, a query is its tag and two slots of 64 bits, which all cases share. */
STORE("find") void store_find(int32_t tag, int64_t a, int64_t b, found *result);
STORE("put")
void store_put(char *name, size_t name_length, uint32_t count, double price, string *tags, size_t tag_count,
               int32_t unit, int32_t care, int32_t has_parent, char *parent, size_t parent_length, stored *result);
STORE("locate") void store_locate(char *name, size_t length, option_item *result);
STORE("note") void store_note(char *text, size_t length);
STORE("checksum") uint32_t store_checksum(uint8_t *bytes, size_t length);

static void free_item(item it) {
  free_string(it.name);
  for (size_t i = 0; i < it.tag_count; i++) free_string(it.tags[i]);
  release(it.tags, it.tag_count * sizeof *it.tags);
  if (it.parent.some) free_string(it.parent.value);
}

static void free_items(items them) {
  for (size_t i = 0; i < them.length; i++) free_item(them.at[i]);
  release(them.at, them.length * sizeof *them.at);
}

static void free_failure(failure f) {
  if (f.tag != REFUSED) free_string(f.name);
}

static found find(const query *q) {
  int64_t slots[2] = {0, 0};
  switch (q->tag) {
    case BY_NAME:
      slots[0] = (uintptr_t)q->as.name.bytes;
      slots[1] = q->as.name.length;
      break;
    case BY_PRICE: memcpy(slots, q->as.price, sizeof slots); break;
    case BY_CARE: slots[0] = q->as.care; break;
  }
  found result;
  store_find(q->tag, slots[0], slots[1], &result);
  return result;
}

/* search */

typedef struct {
  bool is_err;
  union {
    struct {
      string *names;
      size_t length;
      uint32_t count;
    } ok;
    failure err;
  } as;
} search_result;

DESK("search")
search_result *desk_search(int32_t tag, int64_t a, int64_t b) {
  found answer;
  store_find(tag, a, b, &answer); /* as it came */
  if (tag == BY_NAME) release((void *)(uintptr_t)a, b);
  static search_result result;
  result.is_err = answer.is_err;
  if (answer.is_err) {
    result.as.err = answer.as.err;
    return &result;
  }
  items them = answer.as.ok;
  result.as.ok.names = allocate(them.length * sizeof(string));
  result.as.ok.length = them.length;
  result.as.ok.count = 0;
  for (size_t i = 0; i < them.length; i++) {
    char note[128];
    int length = snprintf(note, sizeof note, "found %.*s", (int)them.at[i].name.length, them.at[i].name.bytes);
    store_note(note, length);
    result.as.ok.names[i] = copy_string(them.at[i].name);
    result.as.ok.count += them.at[i].count;
  }
  free_items(them);
  return &result;
}

POST_RETURN("search")
void desk_search_post(search_result *result) {
  if (result->is_err) return free_failure(result->as.err);
  for (size_t i = 0; i < result->as.ok.length; i++) free_string(result->as.ok.names[i]);
  release(result->as.ok.names, result->as.ok.length * sizeof(string));
}

/* take */

typedef struct {
  bool is_err;
  union {
    struct {
      item rest;
      uint64_t total;
    } ok;
    failure err;
  } as;
} take_result;

static take_result take(string name, uint32_t by) {
  query q = {BY_NAME, {.name = name}};
  found answer = find(&q);
  if (answer.is_err) return (take_result){true, {.err = answer.as.err}};
  items them = answer.as.ok;
  if (them.length == 0) return (take_result){true, {.err = {NOT_FOUND, copy_string(name), 0}}};
  item first = them.at[0];
  for (size_t i = 1; i < them.length; i++) free_item(them.at[i]);
  release(them.at, them.length * sizeof(item));
  if (first.count < by) {
    failure f = {SHORT_OF, copy_string(name), by - first.count};
    free_item(first);
    return (take_result){true, {.err = f}};
  }
  first.count -= by;
  stored answer_to_put;
  store_put(first.name.bytes, first.name.length, first.count, first.price, first.tags, first.tag_count, first.unit,
            first.care, first.parent.some, first.parent.some ? first.parent.value.bytes : NULL,
            first.parent.some ? first.parent.value.length : 0, &answer_to_put);
  if (answer_to_put.is_err) {
    free_item(first);
    return (take_result){true, {.err = answer_to_put.as.err}};
  }
  return (take_result){false, {.ok = {first, answer_to_put.as.ok}}};
}

DESK("take")
take_result *desk_take(char *name, size_t length, uint32_t by) {
  static take_result result;
  result = take((string){name, length}, by);
  release(name, length);
  return &result;
}

POST_RETURN("take")
void desk_take_post(take_result *result) {
  if (result->is_err) return free_failure(result->as.err);
  free_item(result->as.ok.rest);
}

/* survey */

typedef struct {
  found *at;
  size_t length;
} founds;

DESK("survey")
founds *desk_survey(query *queries, size_t length) {
  static founds result;
  result = (founds){allocate(length * sizeof(found)), length};
  for (size_t i = 0; i < length; i++) {
    result.at[i] = find(&queries[i]);
    if (queries[i].tag == BY_NAME) free_string(queries[i].as.name);
  }
  release(queries, length * sizeof(query));
  return &result;
}

POST_RETURN("survey")
void desk_survey_post(founds *result) {
  for (size_t i = 0; i < result->length; i++) {
    if (result->at[i].is_err) free_failure(result->at[i].as.err);
    else free_items(result->at[i].as.ok);
  }
  release(result->at, result->length * sizeof(found));
}

/* total */

typedef struct {
  uint64_t count;
  bool has_mean;
  double mean;
} totals;

DESK("total")
totals *desk_total(item *at, size_t length, uint64_t start) {
  static totals result;
  result = (totals){start, length > 0, 0};
  for (size_t i = 0; i < length; i++) {
    result.count += at[i].count;
    result.mean += at[i].price;
  }
  if (length > 0) result.mean /= length;
  free_items((items){at, length});
  return &result;
}

/* label */

DESK("label")
string *desk_label(char *name, size_t length, uint32_t count, int32_t unit, int32_t care) {
  char text[256];
  int end = snprintf(text, sizeof text, "%u %s of %.*s", count, units[unit], (int)length, name);
  release(name, length);
  const char *before = " (";
  for (int i = 0; i < 3; i++) {
    if (!(care & (1 << i))) continue;
    end += snprintf(text + end, sizeof text - end, "%s%s", before, cares[i]);
    before = ", ";
  }
  if (care != 0) text[end++] = ')';
  static string result;
  result = string_of(text, end);
  return &result;
}

POST_RETURN("label") void desk_label_post(string *result) { free_string(*result); }

/* opposite */

DESK("opposite") int32_t desk_opposite(int32_t care) { return care ^ (FRAGILE | KEEP_COLD | HEAVY); }

/* mirror */

static size_t utf8(char *out, uint32_t c) {
  if (c < 0x80) return out[0] = c, 1;
  if (c < 0x800) return out[0] = 0xc0 | c >> 6, out[1] = 0x80 | (c & 63), 2;
  if (c < 0x10000) return out[0] = 0xe0 | c >> 12, out[1] = 0x80 | (c >> 6 & 63), out[2] = 0x80 | (c & 63), 3;
  out[0] = 0xf0 | c >> 18, out[1] = 0x80 | (c >> 12 & 63), out[2] = 0x80 | (c >> 6 & 63), out[3] = 0x80 | (c & 63);
  return 4;
}

DESK("mirror")
string *desk_mirror(uint32_t *characters, size_t length) {
  char *bytes = allocate(length * 4);
  size_t end = 0;
  for (size_t i = length; i-- > 0;) end += utf8(bytes + end, characters[i]);
  static string result;
  result = string_of(bytes, end);
  release(bytes, length * 4);
  release(characters, length * sizeof *characters);
  return &result;
}

POST_RETURN("mirror") void desk_mirror_post(string *result) { free_string(*result); }

/* checksums */

typedef struct {
  uint8_t *at;
  size_t length;
} bytes;

typedef struct {
  uint32_t *at;
  size_t length;
} sums;

DESK("checksums")
sums *desk_checksums(bytes *rows, size_t length) {
  static sums result;
  result = (sums){allocate(length * sizeof(uint32_t)), length};
  for (size_t i = 0; i < length; i++) {
    result.at[i] = store_checksum(rows[i].at, rows[i].length);
    release(rows[i].at, rows[i].length);
  }
  release(rows, length * sizeof *rows);
  return &result;
}

POST_RETURN("checksums") void desk_checksums_post(sums *result) { release(result->at, result->length * 4); }

/* widen */

typedef struct {
  int64_t sum;
  double g;
} widened;

DESK("widen")
widened *desk_widen(uint32_t a, int32_t b, uint32_t c, int32_t d, int32_t e, int64_t f, float g) {
  static widened result;
  result = (widened){f + a + b + c + d + e, g};
  return &result;
}

/* ancestors */

typedef struct {
  string *at;
  size_t length;
} strings;

DESK("ancestors")
strings *desk_ancestors(char *name, size_t length) {
  static strings result;
  size_t room = 0;
  result = (strings){allocate(0), 0};
  string next = {name, length};
  for (bool more = true; more;) {
    option_item answer;
    store_locate(next.bytes, next.length, &answer);
    free_string(next);
    if (!answer.some) break;
    item it = answer.value;
    if (result.length == room) {
      size_t wider = room * 2 + 1;
      result.at = room == 0 ? allocate(wider * sizeof(string)) : resize(result.at, wider * sizeof(string));
      room = wider;
    }
    result.at[result.length++] = copy_string(it.name);
    more = it.parent.some;
    if (more) next = copy_string(it.parent.value);
    free_item(it);
  }
  return &result;
}

POST_RETURN("ancestors")
void desk_ancestors_post(strings *result) {
  for (size_t i = 0; i < result->length; i++) free_string(result->at[i]);
  release(result->at, result->length * sizeof(string));
}

DESK("outstanding") uint32_t desk_outstanding(void) { return outstanding; }
