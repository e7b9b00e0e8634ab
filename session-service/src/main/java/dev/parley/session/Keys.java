package dev.parley.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.common.config.Setting;
import dev.parley.common.config.SettingType;
import dev.parley.common.config.Settings;
import dev.parley.common.config.SettingsException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command line of {@code ./parley keys}: makes, lists and revokes server keys. */
final class Keys {
  private static final int PAGE = 200;
  private static final int SCOPES_MAX = 6;
  private static final JsonMapper MAPPER = new JsonMapper();

  private static final Setting<Optional<String>> TENANT =
      Setting.of(
          "tenant",
          "create: whose key it is. list: only this tenant's.",
          SettingType.optional(
              SettingType.text(
                  "1 to 63 lower-case letters, digits or dashes", "[a-z0-9][a-z0-9-]{0,62}")),
          "");

  private static final Setting<Optional<String>> NAME =
      Setting.of(
          "name",
          "create: what the key is for, in your own words.",
          SettingType.optional(SettingType.text("1 to 80 characters", ".{1,80}")),
          "");

  private static final Setting<List<String>> SCOPES =
      Setting.of(
          "scopes",
          "create: what it may be used for: conferences, moderation, webhooks, library, usage,"
              + " admin.",
          SettingType.listOf(SettingType.text("a scope", "[a-z]{1,32}"), SCOPES_MAX),
          "conferences,moderation,webhooks");

  private static final Setting<Optional<String>> ID =
      Setting.of(
          "id",
          "revoke: the key's id, which is its part between the underscores.",
          SettingType.optional(SettingType.text("letters and digits", "[a-z0-9]{1,32}")),
          "");

  private static final OperatorCommand COMMAND =
      new OperatorCommand(
          "keys",
          List.of("create", "list", "revoke"),
          List.of(
              TENANT, NAME, SCOPES, ID, SessionSettings.ADMIN_ADDRESS, SessionSettings.ADMIN_PORT));

  private final AdminClient admin;
  private final PrintStream out;

  private Keys(AdminClient admin, PrintStream out) {
    this.admin = admin;
    this.out = out;
  }

  /** See {@link #run} for the exit status. */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.getenv(), System.out, System.err));
  }

  /** Returns 0 if it is done, 1 if the service refused or is not there, 2 if it was asked wrong. */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    return COMMAND.run(
        arguments,
        environment,
        out,
        err,
        (action, settings, admin) -> {
          new Keys(admin, out).act(action, settings);
          return 0;
        });
  }

  private void act(String action, Settings settings) throws AdminClient.RefusedException {
    switch (action) {
      case "create" -> create(settings);
      case "list" -> list(settings.value(TENANT));
      default -> revoke(required(settings, ID));
    }
  }

  private void create(Settings settings) throws AdminClient.RefusedException {
    ObjectNode wish = MAPPER.createObjectNode();
    wish.put("tenant", required(settings, TENANT));
    settings.value(NAME).ifPresent(name -> wish.put("name", name));
    ArrayNode scopes = wish.putArray("scopes");
    settings.value(SCOPES).forEach(scopes::add);
    JsonNode made = admin.post("/admin/keys", wish);
    out.println(line(made));
    out.println(made.path("key").asText());
    out.println("The key is not shown again.");
  }

  private void list(Optional<String> tenant) throws AdminClient.RefusedException {
    admin.forEach(
        "/admin/keys?limit=" + PAGE,
        key -> {
          if (tenant.isEmpty() || key.path("tenant").asText().equals(tenant.get())) {
            out.println(line(key));
          }
        });
  }

  private void revoke(String id) throws AdminClient.RefusedException {
    admin.delete("/admin/keys/" + id);
    out.println("revoked " + id);
  }

  private static String line(JsonNode key) {
    List<String> words = new ArrayList<>();
    words.add(key.path("id").asText());
    words.add(key.path("tenant").asText());
    List<String> scopes = new ArrayList<>();
    key.path("scopes").forEach(scope -> scopes.add(scope.asText()));
    words.add(String.join(",", scopes));
    words.add("made " + key.path("createdAt").asText());
    if (key.has("revokedAt")) {
      words.add("REVOKED " + key.path("revokedAt").asText());
    }
    if (key.has("name")) {
      words.add(key.path("name").asText());
    }
    return String.join("  ", words);
  }

  private static String required(Settings settings, Setting<Optional<String>> setting) {
    return settings
        .value(setting)
        .orElseThrow(() -> new SettingsException(List.of(setting.name() + ": is needed here")));
  }
}
