package dev.parley.session.coordination;

import dev.parley.session.access.OneTimeUse;
import dev.parley.session.access.RateWindows;

/**
 * Everything that one coordination technology provides. Whatever it holds can be lost at any time
 * without losing a fact. Thread-safe.
 */
public interface Coordination extends RateWindows, OneTimeUse, AutoCloseable {
  @Override
  void close();
}
