package dev.parley.session.store.dynamo;

import dev.parley.session.store.Item;
import dev.parley.session.store.ItemKey;
import dev.parley.session.store.ItemPage;
import dev.parley.session.store.ItemRange;
import dev.parley.session.store.ItemStore;
import dev.parley.session.store.StoreUnavailableException;
import dev.parley.session.store.WriteResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * One table of a {@link DynamoStore}. Reads by key are strongly consistent, reads of an index are
 * not. A write is one conditional request, and a conflict brings the item that is there along.
 *
 * <p>A write whose answer was lost is simply asked again. If its condition fails then, the item
 * that is there tells what came of it: it carries the mark of the write that made it. Thread-safe.
 */
final class DynamoItemStore implements ItemStore {
  private final DynamoDbClient client;
  private final Calls calls;
  private final String table;
  private final Set<String> indexes;

  DynamoItemStore(DynamoDbClient client, Calls calls, String table, Set<String> indexes) {
    this.client = client;
    this.calls = calls;
    this.table = table;
    this.indexes = Set.copyOf(indexes);
  }

  @Override
  public @Nullable Item get(ItemKey key) {
    GetItemResponse response =
        calls.read(
            "get",
            limits ->
                client.getItem(request ->
                    request
                        .tableName(table)
                        .key(ItemAttributes.key(key))
                        .consistentRead(true)
                        .overrideConfiguration(limits)));
    return response.hasItem() ? item(response.item()) : null;
  }

  @Override
  public WriteResult create(Item item) {
    if (item.version() != 1) {
      throw new IllegalArgumentException("a new item's version is 1, not " + item.version());
    }
    PutItemRequest.Builder request =
        PutItemRequest.builder()
            .conditionExpression("attribute_not_exists(#p)")
            .expressionAttributeNames(Map.of("#p", ItemAttributes.PARTITION));
    return put("create", item, request);
  }

  @Override
  public WriteResult replace(Item item) {
    if (item.version() < 2) {
      throw new IllegalArgumentException("a replacement's version is 2 or more");
    }
    PutItemRequest.Builder request =
        PutItemRequest.builder()
            .conditionExpression("#v = :before")
            .expressionAttributeNames(Map.of("#v", ItemAttributes.VERSION))
            .expressionAttributeValues(
                Map.of(":before", ItemAttributes.number(item.version() - 1)));
    return put("replace", item, request);
  }

  @Override
  public WriteResult delete(ItemKey key, long version) {
    return calls.write(
        "delete",
        (limits, mayHaveHappened) -> {
          try {
            client.deleteItem(request ->
                request
                    .tableName(table)
                    .key(ItemAttributes.key(key))
                    .conditionExpression("#v = :version")
                    .expressionAttributeNames(Map.of("#v", ItemAttributes.VERSION))
                    .expressionAttributeValues(Map.of(":version", ItemAttributes.number(version)))
                    .returnValuesOnConditionCheckFailure(
                        ReturnValuesOnConditionCheckFailure.ALL_OLD)
                    .overrideConfiguration(limits));
            return new WriteResult.Written();
          } catch (ConditionalCheckFailedException e) {
            if (mayHaveHappened) {
              // It is gone, or another is there: by whom, nothing is left to tell.
              throw unknown("delete", e);
            }
            return conflict(e);
          }
        });
  }

  @Override
  public ItemPage query(ItemRange range) {
    return page(range, null, Item::key);
  }

  @Override
  public ItemPage queryIndex(String index, ItemRange range) {
    requireDeclared(index);
    return page(range, index, item -> item.indexes().get(index));
  }

  @Override
  public ItemPage scan(int limit, @Nullable ItemKey after) {
    ItemRange.requireLimit(limit);
    List<Item> found = new ArrayList<>();
    Map<String, AttributeValue> start = after == null ? null : ItemAttributes.key(after);
    do {
      int wanted = limit + 1 - found.size();
      Map<String, AttributeValue> from = start;
      ScanResponse response =
          calls.read(
              "scan",
              limits ->
                  client.scan(request ->
                      request
                          .tableName(table)
                          .consistentRead(true)
                          .limit(wanted)
                          .exclusiveStartKey(from)
                          .overrideConfiguration(limits)));
      response.items().forEach(attributes -> found.add(item(attributes)));
      start = response.hasLastEvaluatedKey() ? response.lastEvaluatedKey() : null;
    } while (start != null && found.size() <= limit);
    return ItemPage.of(found, limit, Item::key);
  }

  private WriteResult put(String what, Item item, PutItemRequest.Builder request) {
    item.indexes().keySet().forEach(this::requireDeclared);
    String mark = UUID.randomUUID().toString();
    request
        .tableName(table)
        .item(ItemAttributes.of(item, mark))
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    return calls.write(
        what,
        (limits, mayHaveHappened) -> {
          try {
            client.putItem(request.overrideConfiguration(limits).build());
            return new WriteResult.Written();
          } catch (ConditionalCheckFailedException e) {
            return mayHaveHappened ? afterLostAnswer(what, item, mark, e) : conflict(e);
          }
        });
  }

  /** Tells what came of a write that may have been carried out before its condition failed. */
  private WriteResult afterLostAnswer(
      String what, Item item, String mark, ConditionalCheckFailedException e) {
    if (e.hasItem() && mark.equals(ItemAttributes.write(e.item()))) {
      calls.foundLostAnswer();
      return new WriteResult.Written();
    }
    if (e.hasItem() && ItemAttributes.version(e.item()) == item.version()) {
      // Another made this version, so ours never was.
      return conflict(e);
    }
    // Later versions may follow ours, or another's.
    throw unknown(what, e);
  }

  private WriteResult.Conflict conflict(ConditionalCheckFailedException e) {
    return new WriteResult.Conflict(e.hasItem() ? item(e.item()) : null);
  }

  private StoreUnavailableException unknown(String what, ConditionalCheckFailedException e) {
    calls.lostOutcome();
    return new StoreUnavailableException(
        "the answer to a " + what + " was lost, and others wrote since", e);
  }

  private ItemPage page(
      ItemRange range, @Nullable String index, Function<Item, @Nullable ItemKey> keyOf) {
    KeyCondition condition = KeyCondition.of(range, index);
    List<Item> found = new ArrayList<>();
    Map<String, AttributeValue> start = null;
    // DynamoDB ends a page at 1 MB.
    while (condition != null && found.size() <= range.limit()) {
      QueryResponse response = query(range, index, condition, start);
      for (Map<String, AttributeValue> attributes : response.items()) {
        Item item = item(attributes);
        ItemKey key = keyOf.apply(item);
        if (key != null && range.holds(key) && found.size() <= range.limit()) {
          found.add(item);
        }
      }
      if (!response.hasLastEvaluatedKey() || response.lastEvaluatedKey().isEmpty()) {
        break;
      }
      start = response.lastEvaluatedKey();
    }
    return ItemPage.of(found, range.limit(), keyOf);
  }

  private QueryResponse query(
      ItemRange range,
      @Nullable String index,
      KeyCondition condition,
      @Nullable Map<String, AttributeValue> start) {
    // One more shows that something follows; the first may be the one after which to begin.
    int wanted = range.limit() + (range.after() == null ? 1 : 2);
    QueryRequest.Builder request =
        QueryRequest.builder()
            .tableName(table)
            .indexName(index)
            .consistentRead(index == null)
            .keyConditionExpression(condition.expression())
            .expressionAttributeNames(condition.names())
            .expressionAttributeValues(condition.values())
            .scanIndexForward(!range.descending())
            .limit(wanted)
            .exclusiveStartKey(start);
    return calls.read(
        index == null ? "query" : "query of " + index,
        limits -> client.query(request.overrideConfiguration(limits).build()));
  }

  private Item item(Map<String, AttributeValue> attributes) {
    return ItemAttributes.item(attributes, indexes);
  }

  private void requireDeclared(String index) {
    if (!indexes.contains(index)) {
      throw new IllegalArgumentException("this table has no index " + index);
    }
  }
}
