/*
 * A guest for the world test:vault/vault (../wit), against the canonical ABI by hand: it exports a resource, each of which
 * owns one of the host's.
 *
 * The representation of an account is its address. A borrow of the guest's own resource comes as that, a borrow of the
 * host's as a handle, which has to be dropped before the function returns.
 */
#include <stdarg.h>
#include <stdio.h>

#include "canonical.h"

#define JOURNALS(name) IMPORT("test:vault/journals@0.2.0", name)
#define OWN(name) IMPORT("[export]test:vault/accounts@0.2.0", name)
#define ACCOUNTS(name) EXPORT("test:vault/accounts@0.2.0#" name)
#define POST_RETURN(name) EXPORT("cabi_post_test:vault/accounts@0.2.0#" name)

typedef int32_t journal;
typedef int32_t account_handle;

typedef struct {
  bool is_err;
  union {
    uint32_t ok;
    string err;
  } as;
} appended;

typedef struct {
  bool some;
  int32_t handle;
} option_handle;

JOURNALS("[constructor]journal") journal journal_new(const char *title, size_t length);
JOURNALS("[method]journal.append") void journal_append(journal self, const char *line, size_t length, appended *result);
JOURNALS("[static]journal.merge") journal journal_merge(journal a, journal b);
JOURNALS("open") void journal_open(const char *title, size_t length, option_handle *result);
JOURNALS("[resource-drop]journal") void journal_drop(journal self);

/* Of an account whose journal has been given away. */
static const journal NO_JOURNAL = -1;

typedef struct {
  string owner;
  journal log;
  uint64_t balance;
} account;

OWN("[resource-new]account") account_handle account_new(account *rep);
OWN("[resource-rep]account") account *account_rep(account_handle self);
OWN("[resource-drop]account") void account_drop(account_handle self);

enum failure_tag { INSUFFICIENT, FROZEN, JOURNAL };

typedef struct {
  uint8_t tag;
  union {
    uint64_t by;
    string why;
  } as;
} failure;

typedef struct {
  bool is_err;
  union {
    uint64_t ok;
    failure err;
  } as;
} amount_result;

static uint32_t live;

static appended append(journal log, const char *format, ...) __attribute__((format(printf, 2, 3)));
static appended append(journal log, const char *format, ...) {
  char line[160];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  appended result;
  journal_append(log, line, length, &result);
  return result;
}

static account *open_account(string owner, journal log) {
  account *self = allocate(sizeof *self);
  *self = (account){owner, log, 0};
  live++;
  appended result = append(log, "opened for %.*s", (int)owner.length, owner.bytes);
  if (result.is_err) free_string(result.as.err);
  return self;
}

ACCOUNTS("[dtor]account")
void account_destructor(account *self) {
  if (self->log != NO_JOURNAL) journal_drop(self->log);
  free_string(self->owner);
  release(self, sizeof *self);
  live--;
}

ACCOUNTS("[constructor]account")
account_handle account_construct(char *owner, size_t length, journal log) {
  return account_new(open_account((string){owner, length}, log));
}

ACCOUNTS("[method]account.owner") string *account_owner(account *self) { return &self->owner; }
ACCOUNTS("[method]account.balance") uint64_t account_balance(account *self) { return self->balance; }

/* Writes a line, then moves money: the journal may refuse. */
static amount_result change(account *self, char sign, uint64_t amount) {
  if (sign == '-' && amount > self->balance) {
    return (amount_result){true, {.err = {INSUFFICIENT, {.by = amount - self->balance}}}};
  }
  appended written = append(self->log, "%c%llu", sign, (unsigned long long)amount);
  if (written.is_err) return (amount_result){true, {.err = {JOURNAL, {.why = written.as.err}}}};
  self->balance += sign == '+' ? amount : -amount;
  return (amount_result){false, {.ok = self->balance}};
}

static amount_result amount_returned;

ACCOUNTS("[method]account.deposit")
amount_result *account_deposit(account *self, uint64_t amount) {
  amount_returned = change(self, '+', amount);
  return &amount_returned;
}

ACCOUNTS("[method]account.withdraw")
amount_result *account_withdraw(account *self, uint64_t amount) {
  amount_returned = change(self, '-', amount);
  return &amount_returned;
}

static void free_failure(failure f) {
  if (f.tag == JOURNAL) free_string(f.as.why);
}

POST_RETURN("[method]account.deposit")
void account_deposit_post(amount_result *result) {
  if (result->is_err) free_failure(result->as.err);
}

POST_RETURN("[method]account.withdraw")
void account_withdraw_post(amount_result *result) { account_deposit_post(result); }

/* split */

typedef struct {
  bool is_err;
  union {
    account_handle ok;
    failure err;
  } as __attribute__((aligned(8)));
} split_result;

ACCOUNTS("[method]account.split")
split_result *account_split(account *self, uint64_t amount) {
  static split_result result;
  amount_result taken = change(self, '-', amount);
  if (taken.is_err) {
    result = (split_result){true, {.err = taken.as.err}};
    return &result;
  }
  char name[128];
  int length = snprintf(name, sizeof name, "%.*s's", (int)self->owner.length, self->owner.bytes);
  account *part = open_account(string_of(name, length), journal_new(name, length));
  amount_result put = change(part, '+', amount);
  if (put.is_err) __builtin_trap();
  result = (split_result){false, {.ok = account_new(part)}};
  return &result;
}

POST_RETURN("[method]account.split")
void account_split_post(split_result *result) {
  if (result->is_err) free_failure(result->as.err);
}

/* audit */

ACCOUNTS("[method]account.audit")
appended *account_audit(account *self, journal into) {
  static appended result;
  result = append(into, "%.*s has %llu", (int)self->owner.length, self->owner.bytes, (unsigned long long)self->balance);
  journal_drop(into);
  return &result;
}

POST_RETURN("[method]account.audit")
void account_audit_post(appended *result) {
  if (result->is_err) free_string(result->as.err);
}

/* transfer */

typedef struct {
  bool is_err;
  union {
    uint64_t ok[2];
    failure err;
  } as;
} transfer_result;

ACCOUNTS("[static]account.transfer")
transfer_result *account_transfer(account *source, account *target, uint64_t amount) {
  static transfer_result result;
  if (source == target) {
    result = (transfer_result){true, {.err = {.tag = FROZEN}}};
    return &result;
  }
  amount_result taken = change(source, '-', amount);
  amount_result given = taken.is_err ? taken : change(target, '+', amount);
  if (given.is_err) result = (transfer_result){true, {.err = given.as.err}};
  else result = (transfer_result){false, {.ok = {taken.as.ok, given.as.ok}}};
  return &result;
}

POST_RETURN("[static]account.transfer")
void account_transfer_post(transfer_result *result) {
  if (result->is_err) free_failure(result->as.err);
}

/* close */

typedef struct {
  uint64_t balance;
  journal log;
} closed;

/* Ends an account, through its destructor, but for its journal, which is the caller's now. */
static closed close_account(account_handle handle) {
  account *self = account_rep(handle);
  closed result = {self->balance, self->log};
  self->log = NO_JOURNAL;
  account_drop(handle);
  return result;
}

ACCOUNTS("[static]account.close")
closed *account_close(account_handle which) {
  static closed result;
  result = close_account(which);
  return &result;
}

/* richest */

typedef struct {
  bool some;
  string value;
} option_string;

ACCOUNTS("richest")
option_string *accounts_richest(account **among, size_t length) {
  static option_string result;
  account *best = NULL;
  for (size_t i = 0; i < length; i++) {
    if (best == NULL || among[i]->balance > best->balance) best = among[i];
  }
  release(among, length * sizeof *among);
  result.some = best != NULL;
  if (best != NULL) result.value = copy_string(best->owner);
  return &result;
}

POST_RETURN("richest")
void accounts_richest_post(option_string *result) {
  if (result->some) free_string(result->value);
}

/* open-all */

typedef struct {
  option_handle *at;
  size_t length;
} option_handles;

ACCOUNTS("open-all")
option_handles *accounts_open_all(string *owners, size_t length) {
  static option_handles result;
  result = (option_handles){allocate(length * sizeof(option_handle)), length};
  for (size_t i = 0; i < length; i++) {
    option_handle log;
    journal_open(owners[i].bytes, owners[i].length, &log);
    result.at[i].some = log.some;
    if (log.some) result.at[i].handle = account_new(open_account(owners[i], log.handle));
    else free_string(owners[i]);
  }
  release(owners, length * sizeof *owners);
  return &result;
}

POST_RETURN("open-all")
void accounts_open_all_post(option_handles *result) { release(result->at, result->length * sizeof *result->at); }

/* liquidate */

ACCOUNTS("liquidate")
option_handle *accounts_liquidate(account_handle *them, size_t length) {
  static option_handle result;
  result.some = length > 0;
  for (size_t i = 0; i < length; i++) {
    closed one = close_account(them[i]);
    if (i == 0) {
      result.handle = one.log;
      continue;
    }
    journal both = journal_merge(result.handle, one.log);
    journal_drop(result.handle);
    result.handle = both;
  }
  release(them, length * sizeof *them);
  return &result;
}

ACCOUNTS("live") uint32_t accounts_live(void) { return live; }
ACCOUNTS("outstanding") uint32_t accounts_outstanding(void) { return outstanding; }
