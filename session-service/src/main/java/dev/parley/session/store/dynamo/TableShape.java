package dev.parley.session.store.dynamo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.Projection;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.SSEType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * What a table is made of, as far as it matters to Parley: each trait's name and its value, in
 * DynamoDB's own words. Immutable.
 */
record TableShape(SortedMap<String, String> traits) {
  static final String KEY = "key";
  static final String INDEX = "index ";
  static final String BILLING = "billing";
  static final String ENCRYPTION = "encryption";
  static final String DELETION_PROTECTION = "deletion protection";
  static final String RECOVERY = "point-in-time recovery";

  /** DynamoDB encrypts in any case; KMS means by a key of the account, whose use is logged. */
  private static final String OWN_KEY = "DynamoDB's own key";

  private static final String NONE = "none";
  private static final String TEXT = "S";

  TableShape {
    traits = new TreeMap<>(traits);
  }

  /** The shape that a table with these indexes shall have. */
  static TableShape wanted(Collection<String> indexes) {
    SortedMap<String, String> traits = new TreeMap<>();
    traits.put(KEY, key(ItemAttributes.PARTITION, ItemAttributes.SORT));
    for (String index : indexes) {
      String key = key(ItemAttributes.partition(index), ItemAttributes.sort(index));
      traits.put(INDEX + index, projected(key, ProjectionType.ALL.toString()));
    }
    traits.put(BILLING, BillingMode.PAY_PER_REQUEST.toString());
    traits.put(ENCRYPTION, SSEType.KMS.toString());
    traits.put(DELETION_PROTECTION, "true");
    traits.put(RECOVERY, "ENABLED");
    return new TableShape(traits);
  }

  /** The shape that a table has, save for its recovery, which is told elsewhere. */
  static TableShape of(TableDescription table) {
    Map<String, String> types =
        table.attributeDefinitions().stream()
            .collect(
                Collectors.toMap(
                    AttributeDefinition::attributeName,
                    AttributeDefinition::attributeTypeAsString));
    SortedMap<String, String> traits = new TreeMap<>();
    traits.put(KEY, key(table.keySchema(), types));
    for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
      traits.put(
          INDEX + index.indexName(),
          projected(key(index.keySchema(), types), projection(index.projection())));
    }
    traits.put(
        BILLING,
        table.billingModeSummary() == null
            ? BillingMode.PROVISIONED.toString()
            : table.billingModeSummary().billingModeAsString());
    traits.put(
        ENCRYPTION,
        table.sseDescription() == null ? OWN_KEY : table.sseDescription().sseTypeAsString());
    traits.put(
        DELETION_PROTECTION,
        Boolean.toString(Boolean.TRUE.equals(table.deletionProtectionEnabled())));
    return new TableShape(traits);
  }

  /** The same with another trait. */
  TableShape with(String trait, String value) {
    SortedMap<String, String> more = new TreeMap<>(traits);
    more.put(trait, value);
    return new TableShape(more);
  }

  /** The same without a trait. */
  TableShape without(String trait) {
    SortedMap<String, String> fewer = new TreeMap<>(traits);
    fewer.remove(trait);
    return new TableShape(fewer);
  }

  /** What a node cannot do without: the table's key and the indexes of this shape. */
  TableShape essential() {
    SortedMap<String, String> essential = new TreeMap<>(traits);
    essential.keySet().removeIf(trait -> !trait.equals(KEY) && !trait.startsWith(INDEX));
    return new TableShape(essential);
  }

  /** One line a trait of this shape that another has not, or has differently. */
  List<String> missingIn(TableShape other) {
    List<String> lines = new ArrayList<>();
    traits.forEach((trait, value) -> {
      String found = other.traits.getOrDefault(trait, NONE);
      if (!found.equals(value)) {
        lines.add("%s: is %s, should be %s".formatted(trait, found, value));
      }
    });
    return lines;
  }

  /** The same, and one line for each trait that only the other has. */
  List<String> differencesTo(TableShape other) {
    List<String> lines = missingIn(other);
    other.traits.forEach((trait, value) -> {
      if (!traits.containsKey(trait)) {
        lines.add("%s: is %s, should be %s".formatted(trait, value, NONE));
      }
    });
    return lines;
  }

  /** A key as a trait tells it. */
  static String key(String partition, String sort) {
    return "%s (%s), %s (%s)".formatted(partition, TEXT, sort, TEXT);
  }

  /** An index as a trait tells it. */
  static String projected(String key, String projection) {
    return key + ", projects " + projection;
  }

  private static String key(List<KeySchemaElement> schema, Map<String, String> types) {
    return schema.stream()
        .sorted(Comparator.comparing(element -> element.keyType() != KeyType.HASH))
        .map(element -> element.attributeName() + " (" + types.get(element.attributeName()) + ")")
        .collect(Collectors.joining(", "));
  }

  private static String projection(Projection projection) {
    return projection.projectionTypeAsString();
  }
}
