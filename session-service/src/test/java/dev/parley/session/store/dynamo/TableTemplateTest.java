package dev.parley.session.store.dynamo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.session.store.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The CloudFormation template makes what {@code ./parley tables} makes. */
final class TableTemplateTest {
  private static final Path TEMPLATE = Path.of("..", "deploy", "tables.yaml");

  @Test
  void templateHasTheTablesOfTheService() throws IOException {
    Map<String, TableShape> expected = new TreeMap<>();
    for (Table table : Table.ALL) {
      expected.put("${TablePrefix}" + table.name(), TableShape.wanted(table.indexes()));
    }

    Map<String, TableShape> declared = new TreeMap<>();
    for (JsonNode resource : template().path("Resources")) {
      if (resource.path("Type").asText().equals("AWS::DynamoDB::Table")) {
        assertThat(resource.path("DeletionPolicy").asText()).isEqualTo("Retain");
        JsonNode table = resource.path("Properties");
        declared.put(table.at("/TableName/Fn::Sub").asText(), shape(table));
      }
    }

    assertThat(declared).isEqualTo(expected);
  }

  @Test
  void everyDeclaredAttributeIsAKeys() throws IOException {
    for (JsonNode resource : template().path("Resources")) {
      JsonNode table = resource.path("Properties");
      assertThat(table.findValuesAsText("AttributeName").stream().distinct())
          .as("CloudFormation refuses an attribute that no key has")
          .hasSize(table.path("AttributeDefinitions").size());
    }
  }

  private static JsonNode template() throws IOException {
    return new JsonMapper().valueToTree(new Yaml().load(Files.readString(TEMPLATE)));
  }

  private static TableShape shape(JsonNode table) {
    TreeMap<String, String> traits = new TreeMap<>();
    traits.put(TableShape.KEY, key(table, table.path("KeySchema")));
    for (JsonNode index : table.path("GlobalSecondaryIndexes")) {
      traits.put(
          TableShape.INDEX + index.path("IndexName").asText(),
          TableShape.projected(
              key(table, index.path("KeySchema")),
              index.at("/Projection/ProjectionType").asText()));
    }
    traits.put(TableShape.BILLING, table.path("BillingMode").asText());
    JsonNode encryption = table.path("SSESpecification");
    traits.put(
        TableShape.ENCRYPTION,
        encryption.path("SSEEnabled").asBoolean() ? encryption.path("SSEType").asText() : "none");
    traits.put(TableShape.DELETION_PROTECTION, table.path("DeletionProtectionEnabled").asText());
    traits.put(
        TableShape.RECOVERY,
        table.at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled").asBoolean()
            ? "ENABLED"
            : "DISABLED");
    return new TableShape(traits);
  }

  private static String key(JsonNode table, JsonNode schema) {
    assertThat(schema.findValuesAsText("KeyType")).containsExactly("HASH", "RANGE");
    for (String name : schema.findValuesAsText("AttributeName")) {
      assertThat(table.path("AttributeDefinitions"))
          .anySatisfy(attribute -> {
            assertThat(attribute.path("AttributeName").asText()).isEqualTo(name);
            assertThat(attribute.path("AttributeType").asText()).isEqualTo("S");
          });
    }
    return TableShape.key(
        schema.get(0).path("AttributeName").asText(), schema.get(1).path("AttributeName").asText());
  }
}
