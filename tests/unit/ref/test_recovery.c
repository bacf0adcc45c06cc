/* What an explanation says that the caller does, and what he does (tandem/recover.h). */
#include "tandem/recover.h"
#include "tandem/ref/explain.h"
#include "unit/test.h"

TND_TEST(explain_actions_are_those_of_recover, "",
         "an action has one number and one name, in explanations and in what is done")
{
    CHECK_EQ(TND_NEXT_COUNT, TND_RECOVER_ACTION_COUNT);
    for (int action = 0; action < TND_NEXT_COUNT; action++)
        CHECK_STR(tnd_slice_str(tnd_code_next_name((enum tnd_code_next)action)),
                  tnd_recover_action_name((enum tnd_recover_action)action));
}

/* The caller does this after code, in some situation. */
static bool is_done(unsigned code, enum tnd_recover_action action)
{
    enum tnd_rule rule;

    for (int situation = 0; situation < TND_RECOVER_SITUATION_COUNT; situation++)
        if (tnd_recover_by_table(code, (enum tnd_recover_situation)situation, &rule) == action)
            return true;
    return false;
}

TND_TEST(explain_says_what_is_done, "",
         "what an explanation says of the caller is what the table of recover has for the code")
{
    for (unsigned code = 100; code < 700; code++) {
        struct tnd_explanation e;

        tnd_explain(code, TND_LANG_EN, &e);
        if (!is_done(code, (enum tnd_recover_action)e.next))
            tnd_test_fail(__FILE__, __LINE__, "%u: %s is not what is done", code,
                          tnd_code_next_name((enum tnd_code_next)e.next));
    }
}
