/*
 * A guest for the world test:versions/versions (../wit), against the canonical ABI by hand: it imports and exports two
 * versions of one package.
 */
#include <stdio.h>

#include "canonical.h"

#define OLD(name) IMPORT("test:sensor/probes@1.2.0", name)
#define NEW(name) IMPORT("test:sensor/probes@2.0.0", name)
#define OWN(name) IMPORT("[export]test:sensor/reports@2.0.0", name)
#define OLD_REPORTS(name) EXPORT("test:sensor/reports@1.2.0#" name)
#define REPORTS(name) EXPORT("test:sensor/reports@2.0.0#" name)

enum scale { CELSIUS, KELVIN };

typedef int32_t old_probe, new_probe, series_handle;

typedef struct {
  bool is_err;
  union {
    double ok;
    string err;
  } as;
} reading;

typedef struct {
  bool some;
  string value;
} option_string;

typedef struct {
  new_probe of;
  double sum;
  uint32_t count;
} series;

OLD("[method]probe.read") uint32_t old_read(old_probe self);
OLD("[resource-drop]probe") void old_drop(old_probe self);
NEW("[constructor]probe") new_probe new_construct(const char *name, size_t length, int32_t scale);
NEW("[method]probe.read") void new_read(new_probe self, reading *result);
NEW("[resource-drop]probe") void new_drop(new_probe self);
OWN("[resource-new]series") series_handle series_new(series *rep);
IMPORT("$root", "rename") void rename_(const char *name, size_t length, option_string *result);

static string returned;

OLD_REPORTS("summary")
string *old_summary(old_probe of) {
  char text[32];
  int length = snprintf(text, sizeof text, "reads %u", old_read(of));
  old_drop(of);
  returned = string_of(text, length);
  return &returned;
}

EXPORT("cabi_post_test:sensor/reports@1.2.0#summary") void old_summary_post(string *result) { free_string(*result); }

static string describe(new_probe of) {
  reading now;
  new_read(of, &now);
  if (now.is_err) return now.as.err;
  char text[64];
  return string_of(text, snprintf(text, sizeof text, "%.2f", now.as.ok));
}

typedef struct {
  string *at;
  size_t length;
} strings;

REPORTS("summary")
strings *summary(new_probe *of, size_t length) {
  static strings result;
  result = (strings){allocate(length * sizeof(string)), length};
  for (size_t i = 0; i < length; i++) {
    result.at[i] = describe(of[i]);
    new_drop(of[i]);
  }
  release(of, length * sizeof *of);
  return &result;
}

EXPORT("cabi_post_test:sensor/reports@2.0.0#summary")
void summary_post(strings *result) {
  for (size_t i = 0; i < result->length; i++) free_string(result->at[i]);
  release(result->at, result->length * sizeof(string));
}

REPORTS("[constructor]series")
series_handle series_construct(new_probe of) {
  series *self = allocate(sizeof *self);
  *self = (series){of, 0, 0};
  return series_new(self);
}

REPORTS("[dtor]series")
void series_destructor(series *self) {
  new_drop(self->of);
  release(self, sizeof *self);
}

REPORTS("[method]series.next")
reading *series_next(series *self) {
  static reading result;
  new_read(self->of, &result);
  if (!result.is_err) {
    self->sum += result.as.ok;
    result.as.ok = self->sum / ++self->count;
  }
  return &result;
}

EXPORT("cabi_post_test:sensor/reports@2.0.0#[method]series.next")
void series_next_post(reading *result) {
  if (result->is_err) free_string(result->as.err);
}

EXPORT("upgrade")
new_probe upgrade(old_probe old) {
  char text[32];
  int length = snprintf(text, sizeof text, "was at %u", old_read(old));
  old_drop(old);
  option_string other;
  rename_(text, length, &other);
  if (!other.some) return new_construct(text, length, CELSIUS);
  new_probe made = new_construct(other.value.bytes, other.value.length, KELVIN);
  free_string(other.value);
  return made;
}
