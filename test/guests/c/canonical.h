/* What the C guests share: strings of the canonical ABI, and the allocator that it asks for, which counts its blocks. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define IMPORT(module, name) __attribute__((import_module(module), import_name(name))) extern

typedef struct {
  char *bytes;
  size_t length;
} string;

static uint32_t outstanding;

static inline void *resize(void *old, size_t size) {
  void *block = realloc(old, size);
  if (block == NULL) __builtin_trap();
  if (old == NULL) outstanding++;
  return block;
}

/* A list of no elements has no block: its address means nothing. */
static inline void *allocate(size_t size) { return size == 0 ? (void *)8 : resize(NULL, size); }

static inline void release(void *block, size_t size) {
  if (size == 0) return;
  outstanding--;
  free(block);
}

EXPORT("cabi_realloc")
void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
  if (align > 8 || (old_size > 0 && size == 0)) __builtin_trap();
  return size == 0 ? (void *)align : resize(old_size == 0 ? NULL : old, size);
}

static inline string string_of(const char *bytes, size_t length) {
  string copy = {allocate(length), length};
  memcpy(copy.bytes, bytes, length);
  return copy;
}

static inline string copy_string(string s) { return string_of(s.bytes, s.length); }
static inline void free_string(string s) { release(s.bytes, s.length); }
