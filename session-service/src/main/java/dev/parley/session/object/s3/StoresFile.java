package dev.parley.session.object.s3;

import dev.parley.common.s3.AccessKey;
import dev.parley.common.s3.AccessKeyFile;
import dev.parley.session.object.StoreKind;
import dev.parley.session.object.StoreName;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads the file of object stores, which is YAML or JSON. Stateless. */
public final class StoresFile {
  private static final int STORES_MAX = 10_000;
  private static final int BYTES_MAX = 16 << 20;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern KEY = Pattern.compile("(env|file):(.{1,1024})");
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "kind",
          "region",
          "endpoint",
          "publicEndpoint",
          "signingRegion",
          "bucket",
          "pathStyle",
          "key");

  private StoresFile() {}

  /**
   * One store.
   *
   * @param signingRegion as the store calls its region
   * @param keyReference {@code env:NAME} or {@code file:PATH}
   */
  public record Entry(
      StoreName name,
      Endpoints endpoints,
      String signingRegion,
      Bucket bucket,
      String keyReference) {

    /**
     * Finds the access key.
     *
     * @param environment variables by name
     * @throws IOException if it is not there or is none; the message does not show it
     */
    public AccessKey key(Map<String, String> environment) throws IOException {
      var matcher = KEY.matcher(keyReference);
      if (!matcher.matches()) {
        throw new IOException("no key reference");
      }
      if (matcher.group(1).equals("file")) {
        return AccessKeyFile.read(Path.of(matcher.group(2)));
      }
      String text = environment.get(matcher.group(2));
      if (text == null) {
        throw new IOException("the environment has no " + matcher.group(2));
      }
      try {
        return AccessKey.parse(text);
      } catch (IllegalArgumentException e) {
        throw new IOException(matcher.group(2) + ": " + e.getMessage(), e);
      }
    }
  }

  /** Where a store is: for this node, and for clients. */
  public record Endpoints(URI own, URI forClients) {}

  /** A bucket, and whether it is the path's first segment or the host's first label. */
  public record Bucket(String name, boolean isPathStyle) {}

  /**
   * Reads the file.
   *
   * @throws IOException if it cannot be read
   * @throws IllegalArgumentException if something in it is wrong; the message says all that is
   */
  public static List<Entry> read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new IllegalArgumentException(file + " has more than 16 MiB");
    }
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(BYTES_MAX);
    Object tree;
    try {
      tree = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
    } catch (YAMLException e) {
      throw new IllegalArgumentException(file + " is no YAML: " + e.getMessage(), e);
    }
    if (!(tree instanceof Map<?, ?> root)
        || !(root.get("stores") instanceof List<?> list)
        || list.size() > STORES_MAX) {
      throw new IllegalArgumentException(
          file + " must have a list named stores, of at most " + STORES_MAX);
    }
    List<String> faults = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < list.size(); i++) {
      Entry entry = new Reader(list.get(i), "store " + (i + 1), faults).entry();
      if (entry != null && !ids.add(entry.name().id())) {
        faults.add("store " + (i + 1) + ": the id " + entry.name().id() + " is another's");
      }
      if (entry != null) {
        entries.add(entry);
      }
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(file + ": " + String.join("; ", faults));
    }
    return entries;
  }

  /** Reads one store and notes what is wrong. One thread. */
  private static final class Reader {
    private final Map<?, ?> fields;
    private final String place;
    private final List<String> faults;

    Reader(@Nullable Object node, String place, List<String> faults) {
      this.fields = node instanceof Map<?, ?> map ? map : Map.of();
      this.place = place;
      this.faults = faults;
      for (Object name : fields.keySet()) {
        if (!(name instanceof String text) || !FIELDS.contains(text)) {
          fault("nothing is called " + name);
        }
      }
    }

    @Nullable Entry entry() {
      int before = faults.size();
      String id = text("id", ID, null);
      String kind = text("kind", Pattern.compile("s3|directory"), "s3");
      String region = text("region", ID, null);
      String signingRegion = text("signingRegion", ID, kind.equals("s3") ? region : "local");
      String bucket = text("bucket", BUCKET, kind.equals("s3") ? null : "parley");
      URI endpoint = uri("endpoint", "https://s3." + signingRegion + ".amazonaws.com");
      URI forClients = uri("publicEndpoint", endpoint == null ? "" : endpoint.toString());
      boolean isPathStyle = flag("pathStyle", !kind.equals("s3") || fields.containsKey("endpoint"));
      String key = text("key", KEY, null);
      if (!isPathStyle && bucket.contains(".")) {
        fault("a bucket with dots needs pathStyle: true");
      }
      if (faults.size() > before || endpoint == null || forClients == null) {
        return null;
      }
      return new Entry(
          new StoreName(id, StoreKind.valueOf(kind.toUpperCase(Locale.ROOT)), region),
          new Endpoints(endpoint, forClients),
          signingRegion,
          new Bucket(bucket, isPathStyle),
          key);
    }

    private String text(String name, Pattern pattern, @Nullable String otherwise) {
      Object value = fields.get(name);
      if (value == null && otherwise != null) {
        return otherwise;
      }
      String text = value == null ? "" : value.toString();
      if (!pattern.matcher(text).matches()) {
        // A key's text is not shown: it could be the key itself.
        fault(name + (value == null ? " is missing" : " must match " + pattern));
      }
      return text;
    }

    private boolean flag(String name, boolean otherwise) {
      Object value = fields.get(name);
      if (value != null && !(value instanceof Boolean)) {
        fault(name + " must be true or false");
      }
      return value instanceof Boolean flag ? flag : otherwise;
    }

    private @Nullable URI uri(String name, String otherwise) {
      Object value = fields.get(name);
      try {
        URI uri = new URI(value == null ? otherwise : value.toString());
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (isHttp
            && uri.getHost() != null
            && uri.getQuery() == null
            && uri.getUserInfo() == null) {
          return uri;
        }
      } catch (URISyntaxException e) {
        // Told below.
      }
      fault(name + " must be http(s)://host[:port][/path]");
      return null;
    }

    private void fault(String text) {
      faults.add(place + ": " + text);
    }
  }
}
