package dev.parley.session;

import dev.parley.common.config.Setting;
import dev.parley.common.config.SettingType;
import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import dev.parley.common.config.SettingsReader;
import dev.parley.common.config.SettingsTable;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.Table;
import dev.parley.session.store.dynamo.DynamoTables;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The command line of {@code ./parley tables}: makes the tables in DynamoDB, and tells of them. */
final class Tables {
  private static final Setting<Boolean> CHECK =
      Setting.of("check", "Only tell what there is; make nothing.", SettingType.flag(), "false");

  private static final List<Setting<?>> ALL =
      Stream.concat(Stream.of(CHECK), SessionSettings.DYNAMODB.stream()).toList();

  private Tables() {}

  /** See {@link #run} for the exit status. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  /** Returns 0 if all tables are as they should be, 1 if not, 2 if the settings are wrong. */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    SettingsReader reader = new SettingsReader(ALL);
    try {
      Settings settings = reader.read(arguments, environment);
      if (reader.isHelpWanted()) {
        out.print(SettingsTable.of("parley tables [--name=value …]", ALL));
        return 0;
      }
      return make(settings, out) ? 0 : 1;
    } catch (SettingsException e) {
      err.println(e.getMessage());
      return 2;
    } catch (StoreUnavailableException e) {
      err.println("parley tables: " + e.getMessage());
      return 1;
    }
  }

  private static boolean make(Settings settings, PrintStream out) {
    boolean isCheck = settings.value(CHECK);
    boolean areRight = true;
    try (DynamoTables tables = DynamoTables.open(SessionSettings.dynamo(settings))) {
      areRight &= make(tables, Table.ALL, isCheck, out);
    }
    for (LibraryPlace place :
        LibraryPlace.all(settings.value(SessionSettings.LIBRARIES), Optional.empty(), true)) {
      out.println("in " + place.region());
      try (DynamoTables tables = DynamoTables.open(SessionSettings.dynamo(settings, place))) {
        areRight &= make(tables, List.of(Table.LIBRARY), isCheck, out);
      }
    }
    return areRight;
  }

  private static boolean make(
      DynamoTables tables, List<Table> wanted, boolean isCheck, PrintStream out) {
    boolean areRight = true;
    for (Table table : wanted) {
      DynamoTables.Report report =
          isCheck
              ? tables.describe(table.name(), table.indexes())
              : tables.make(table.name(), table.indexes());
      print(report, out);
      areRight &= report.differences().isEmpty();
    }
    return areRight;
  }

  private static void print(DynamoTables.Report report, PrintStream out) {
    out.println(report.name() + (report.isNew() ? "  made" : ""));
    report.traits().forEach(trait -> out.println("  " + trait));
    report.differences().forEach(difference -> out.println("  DIFFERS  " + difference));
  }
}
