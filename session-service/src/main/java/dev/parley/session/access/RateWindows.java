package dev.parley.session.access;

/** Sliding windows that count requests, across session nodes. Thread-safe. */
public interface RateWindows {

  /**
   * Counts one request if the quota allows it.
   *
   * @param subject whose quota it is: a tenant, an address
   */
  Decision take(String subject, Quota quota);

  /**
   * What came of it.
   *
   * @param remaining how many more are allowed at once
   * @param resetSec seconds until one more is allowed, 0 if one is now
   */
  record Decision(boolean isAllowed, int remaining, int resetSec) {}
}
