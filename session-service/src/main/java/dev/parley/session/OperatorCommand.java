package dev.parley.session;

import dev.parley.common.config.Setting;
import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.config.SettingsReader;
import dev.parley.common.config.SettingsTable;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * A command that asks a running session service's admin port: its first argument is what to do, the
 * others are settings.
 *
 * @param name as in {@code ./parley NAME}
 * @param actions what its first argument may be
 */
record OperatorCommand(String name, List<String> actions, List<Setting<?>> settings) {
  OperatorCommand {
    actions = List.copyOf(actions);
    settings = List.copyOf(settings);
  }

  /** What one action does. */
  @FunctionalInterface
  interface Body {
    /** Does it and returns the exit status. */
    int act(String action, Settings settings, AdminClient admin)
        throws AdminClient.RefusedException;
  }

  /**
   * Returns what the action did, 1 if the service refused or is not there, 2 if it was asked wrong.
   */
  int run(
      List<String> arguments,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err,
      Body body) {
    SettingsReader reader = new SettingsReader(settings);
    String action = arguments.isEmpty() ? "" : arguments.getFirst();
    boolean isAction = actions.contains(action);
    String usage = "parley " + name + " " + String.join("|", actions) + " [--name=value …]";
    try {
      Settings read =
          reader.read(isAction ? arguments.subList(1, arguments.size()) : arguments, environment);
      if (reader.isHelpWanted()) {
        out.print(SettingsTable.of(usage, settings));
        return 0;
      }
      if (!isAction) {
        err.println("usage: " + usage);
        return 2;
      }
      try (AdminClient admin = new AdminClient(read)) {
        return body.act(action, read, admin);
      }
    } catch (SettingsException e) {
      err.println(e.getMessage());
      return 2;
    } catch (AdminClient.RefusedException e) {
      err.println("parley " + name + ": " + e.getMessage());
      return 1;
    }
  }
}
