/*
 * An ordinary program on wasi-libc: counts words, as `words [-n COUNT] [FILE]...`, from standard input without files.
 *
 * Built for WASI preview 1, and made a component (`wasi:cli/command`) with the adapter that jco ships.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  char *word;
  unsigned count;
} entry;

static entry *entries;
static size_t used, room;

static void count(const char *word) {
  for (size_t i = 0; i < used; i++) {
    if (strcmp(entries[i].word, word) == 0) {
      entries[i].count++;
      return;
    }
  }
  if (used == room) {
    room = room * 2 + 4;
    entries = realloc(entries, room * sizeof *entries);
    if (entries == NULL) abort();
  }
  entries[used++] = (entry){strdup(word), 1};
}

static void read_words(FILE *file) {
  char word[64];
  size_t length = 0;
  for (int c; (c = fgetc(file)) != EOF;) {
    if (isalpha(c) && length < sizeof word - 1) {
      word[length++] = (char)tolower(c);
    } else if (length > 0) {
      word[length] = 0;
      count(word);
      length = 0;
    }
  }
  if (length > 0) {
    word[length] = 0;
    count(word);
  }
}

static int by_count(const void *a, const void *b) {
  const entry *x = a, *y = b;
  return x->count != y->count ? (int)y->count - (int)x->count : strcmp(x->word, y->word);
}

int main(int argc, char **argv) {
  size_t most = 3;
  int files = 0;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "-n") == 0 && i + 1 < argc) {
      most = (size_t)atoi(argv[++i]);
      continue;
    }
    files++;
    FILE *file = fopen(argv[i], "r");
    if (file == NULL) {
      fprintf(stderr, "words: %s: %s\n", argv[i], strerror(errno));
      return 2;
    }
    read_words(file);
    fclose(file);
  }
  if (files == 0) read_words(stdin);
  qsort(entries, used, sizeof *entries, by_count);
  const char *greeting = getenv("GREETING");
  if (greeting != NULL) printf("%s\n", greeting);
  for (size_t i = 0; i < used && i < most; i++) {
    printf("%-10s %3u %5.1f%%\n", entries[i].word, entries[i].count, 100.0 * entries[i].count / used);
    free(entries[i].word);
  }
  return used == 0;
}
