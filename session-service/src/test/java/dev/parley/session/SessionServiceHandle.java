package dev.parley.session;

import dev.parley.common.config.SettingsReader;
import dev.parley.session.harness.MovableClock;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Lets tests of other packages start a service with a clock of their own. */
public final class SessionServiceHandle implements AutoCloseable {
  private final SessionServiceContext context;

  private SessionServiceHandle(SessionServiceContext context) {
    this.context = context;
  }

  /** Starts a service. */
  public static SessionServiceHandle start(List<String> arguments, MovableClock clock)
      throws IOException {
    SettingsReader reader = new SettingsReader(SessionSettings.ALL);
    return new SessionServiceHandle(
        SessionServiceContext.start(reader.read(arguments, Map.of()), clock, clock::nanoTime));
  }

  public int httpPort() {
    return context.httpPort();
  }

  public int linkPort() {
    return context.linkPort();
  }

  public int adminPort() {
    return context.adminPort();
  }

  @Override
  public void close() {
    context.close();
  }
}
