package dev.parley.session;

import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.config.SettingsReader;
import dev.parley.common.config.SettingsTable;
import dev.parley.session.store.StoreUnavailableException;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The session service's command line: starts one node and runs it until it is told to stop. */
public final class SessionService {
  private static final Logger LOG = LoggerFactory.getLogger(SessionService.class);

  private SessionService() {}

  /** Exit status 2: the settings are wrong; 1: it could not start. */
  public static void main(String[] arguments) {
    SettingsReader reader = new SettingsReader(SessionSettings.ALL);
    try {
      Settings settings = reader.read(List.of(arguments), System.getenv());
      if (reader.isHelpWanted()) {
        System.out.print(SettingsTable.of("session-service [--name=value …]", SessionSettings.ALL));
        return;
      }
      settings.describeChanged().forEach(line -> LOG.info("{}", line));
      SessionServiceContext context = SessionServiceContext.start(settings);
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> stop(context)));
      LOG.info(
          "ready: http port {}, control link port {}, admin port {}",
          context.httpPort(),
          context.linkPort(),
          context.adminPort());
    } catch (SettingsException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException | StoreUnavailableException e) {
      System.err.println("session-service could not start: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void stop(SessionServiceContext context) {
    LOG.info("stopping");
    context.close();
    LOG.info("stopped");
  }
}
