package dev.parley.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testsupport.DynamoDbLocal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** {@code ./parley tables} on DynamoDB Local. */
final class TablesIT {
  private static final URI ENDPOINT = DynamoDbLocal.shared().endpoint();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void secondRunFindsWhatTheFirstMade() {
    assertThat(run("twice-")).isZero();
    assertThat(text(out))
        .contains("twice-core  made", "twice-ops  made", "key: pk (S), sk (S)")
        .contains("index due: due-pk (S), due-sk (S), projects ALL", "billing: PAY_PER_REQUEST")
        .contains("deletion protection: true")
        .doesNotContain("DIFFERS");
    String described = text(out).replace("  made", "");
    out.reset();

    assertThat(run("twice-")).isZero();
    assertThat(text(out)).isEqualTo(described);
    out.reset();
    assertThat(run("twice-", "--check=true")).isZero();
    assertThat(text(out)).isEqualTo(described);
  }

  @Test
  void theLibraryOfAnotherRegionIsMadeThere() throws IOException {
    try (DynamoDbLocal far = DynamoDbLocal.start()) {
      makesTheLibraryAt(far.endpoint());
    }
    assertThat(run("far-", "--libraries=us")).isEqualTo(2);
    assertThat(text(err)).contains("us needs an AWS region");
  }

  private void makesTheLibraryAt(URI far) {
    String elsewhere = "--libraries=us=us-east-1@" + far;

    assertThat(run("far-", elsewhere, "--check=true")).isEqualTo(1);
    out.reset();
    assertThat(run("far-", elsewhere)).isZero();
    assertThat(text(out)).containsOnlyOnce("far-core  made").contains("in us\nfar-library  made");
    out.reset();
    assertThat(run("far-", elsewhere, "--check=true")).isZero();
  }

  @Test
  void checkMakesNothing() {
    assertThat(run("absent-", "--check=true")).isEqualTo(1);
    assertThat(text(out)).contains("absent-core\n  DIFFERS  there is no such table");
    out.reset();
    assertThat(run("absent-", "--check=true")).isEqualTo(1);
  }

  @Test
  void anotherShapeIsToldAndLeftAsItIs() {
    makeOps("another-ops", "id");

    assertThat(run("another-")).isEqualTo(1);
    assertThat(text(out))
        .contains("another-ops\n")
        .contains("DIFFERS  key: is id (S), should be pk (S), sk (S)")
        .contains("DIFFERS  deletion protection: is false, should be true");
  }

  @Test
  void wrongSettingsAndAnEndpointWhereNobodyListensAreTold() {
    assertThat(run("so wrong")).isEqualTo(2);
    assertThat(text(err)).contains("dynamodb-table-prefix");
    err.reset();

    int status =
        Tables.run(
            List.of("--dynamodb-endpoint=http://127.0.0.1:1", "--dynamodb-region=eu-central-1"),
            Map.of(),
            stream(out),
            stream(err));
    assertThat(status).isEqualTo(1);
    assertThat(text(err)).startsWith("parley tables: parley-core: ");
  }

  @Test
  void helpNamesEverySetting() {
    assertThat(Tables.run(List.of("--help"), Map.of(), stream(out), stream(err))).isZero();
    assertThat(text(out)).contains("--check", "--dynamodb-endpoint", "--dynamodb-table-prefix");
  }

  private int run(String prefix, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--dynamodb-endpoint=" + ENDPOINT,
                "--dynamodb-region=eu-central-1",
                "--dynamodb-table-prefix=" + prefix));
    arguments.addAll(List.of(more));
    return Tables.run(arguments, Map.of(), stream(out), stream(err));
  }

  private static void makeOps(String name, String key) {
    try (DynamoDbClient client =
        DynamoDbClient.builder().endpointOverride(ENDPOINT).region(Region.EU_CENTRAL_1).build()) {
      client.createTable(request ->
          request
              .tableName(name)
              .billingMode(BillingMode.PAY_PER_REQUEST)
              .attributeDefinitions(
                  AttributeDefinition.builder()
                      .attributeName(key)
                      .attributeType(ScalarAttributeType.S)
                      .build())
              .keySchema(
                  KeySchemaElement.builder().attributeName(key).keyType(KeyType.HASH).build()));
    }
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
