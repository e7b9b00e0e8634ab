package dev.parley.session.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.testsupport.OpenApiContract;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What openapi.yaml promises and no test has tried. Runs after all other classes of the module, as
 * {@link ClassOrderer.OrderAnnotation} in junit-platform.properties has it, and only where Maven
 * runs all of them.
 */
@Order(Integer.MAX_VALUE)
@EnabledIfSystemProperty(named = "parley.tests.all", matches = "true")
@DisabledIfSystemProperty(named = "test", matches = ".+", disabledReason = "a part was asked for")
final class EveryOperationIT {
  @Test
  void everyOperationHasSucceededInSomeTest() {
    assertThat(OpenApiContract.succeeded())
        .containsExactlyInAnyOrderElementsOf(new OpenApiContract().operationIds());
  }
}
