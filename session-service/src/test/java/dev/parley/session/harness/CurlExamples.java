package dev.parley.session.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The curl commands of a page of documentation, run in order against a service. Each section stands
 * for itself. What an answer shows with an ellipsis, such as {@code cf_2GK8…}, stands for what
 * came, in later commands of the section too.
 */
public final class CurlExamples {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Pattern SECTION = Pattern.compile("(?m)^## ");
  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\\n(.*?)```");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?m)^(?:(\\w+)=\\$\\()?curl (.*?)(?: \\| jq -r \\.([\\w.]+)\\))?$"
              + "(?:\\n# → (\\d{3})(?: (\\{.*}))?)?");
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  private final ApiClient client;
  private final Supplier<Map<String, String>> scenes;
  private Map<String, String> standIns = Map.of();

  /**
   * Takes what it needs.
   *
   * @param scenes makes what a section may speak of; tells what stands for it
   */
  public CurlExamples(ApiClient client, Supplier<Map<String, String>> scenes) {
    this.client = client;
    this.scenes = scenes;
  }

  /** Runs all commands of a page; returns how many there were. */
  public int run(String markdown) {
    int count = 0;
    for (String section : SECTION.split(markdown, -1)) {
      if (BLOCK.matcher(section).find()) {
        standIns = new LinkedHashMap<>(scenes.get());
        count += runSection(section);
      }
    }
    return count;
  }

  private int runSection(String markdown) {
    int count = 0;
    for (Matcher block = BLOCK.matcher(markdown); block.find(); ) {
      String lines = block.group(1).replaceAll("\\\\\\n\\s*", "");
      for (Matcher command = COMMAND.matcher(lines); command.find(); count++) {
        ApiClient.Reply reply = run(command.group(), command.group(2));
        check(command.group(), reply, command.group(4), command.group(5));
        if (command.group(1) != null) {
          String place = "/" + command.group(3).replace('.', '/');
          standIns.put("$" + command.group(1), reply.json().at(place).asText());
        }
      }
    }
    return count;
  }

  private ApiClient.Reply run(String shown, String arguments) {
    String method = null;
    String path = null;
    String body = null;
    List<String> headers = new ArrayList<>();
    List<String> words = words(arguments);
    for (int i = 0; i < words.size(); i++) {
      switch (words.get(i)) {
        case "-s" -> {}
        case "-X" -> method = words.get(++i);
        case "-d" -> body = words.get(++i);
        case "-H" -> headers.addAll(List.of(words.get(++i).split(": ", 2)));
        default -> path = words.get(i);
      }
    }
    String verb = method == null ? (body == null ? "GET" : "POST") : method;
    if (path != null && path.startsWith("http://127.0.0.1:")) {
      return sendElsewhere(verb, URI.create(path), body, headers);
    }
    if (path == null || !path.startsWith("/v1/")) {
      throw new AssertionError("no address of the API: " + shown);
    }
    return client.send(verb, path, null, null, body, headers.toArray(String[]::new));
  }

  /** Sends a request to where an answer of the API led. */
  private static ApiClient.Reply sendElsewhere(
      String method, URI address, @Nullable String body, List<String> headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!headers.isEmpty()) {
      request.headers(headers.toArray(String[]::new));
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new ApiClient.Reply(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new AssertionError("no answer from " + address.getHost(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private List<String> words(String arguments) {
    List<String> words = new ArrayList<>();
    for (Matcher word = WORD.matcher(arguments); word.find(); ) {
      String text =
          word.group(1) != null
              ? word.group(1)
              : word.group(2) != null ? word.group(2) : word.group(3);
      for (Map.Entry<String, String> standIn : standIns.entrySet()) {
        text = text.replace(standIn.getKey(), standIn.getValue());
      }
      assertThat(text).as("no answer has shown what this stands for").doesNotContain("…");
      words.add(text);
    }
    return words;
  }

  private void check(
      String shown, ApiClient.Reply reply, @Nullable String status, @Nullable String body) {
    if (status == null) {
      assertThat(reply.status()).as("%s%n%s", shown, reply.body()).isBetween(200, 299);
      return;
    }
    assertThat(reply.status()).as("%s%n%s", shown, reply.body()).isEqualTo(Integer.valueOf(status));
    if (body != null) {
      check(shown, tree(body.replace(",…}", "}")), reply.json());
    }
  }

  /** Every field that is shown came, with the value that is shown. */
  private void check(String shown, JsonNode expected, JsonNode came) {
    if (expected.isObject()) {
      for (Map.Entry<String, JsonNode> entry : expected.properties()) {
        assertThat(came.has(entry.getKey())).as("%s%n%s in %s", shown, entry, came).isTrue();
        check(shown, entry.getValue(), came.path(entry.getKey()));
      }
    } else if (expected.isArray()) {
      assertThat(came.size()).as("%s%n%s", shown, came).isGreaterThanOrEqualTo(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        check(shown, expected.path(i), came.path(i));
      }
    } else if (expected.isTextual() && expected.textValue().endsWith("…")) {
      String prefix = expected.textValue().replace("…", "");
      if (prefix.contains("_")) {
        assertThat(came.asText()).as(shown).startsWith(prefix.substring(0, prefix.indexOf('_')));
        standIns.put(expected.textValue(), came.asText());
      }
    } else {
      assertThat(came).as(shown).isEqualTo(expected);
    }
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
  }
}
