"""What a waiting customer asks about the wait itself, and what only sounds like it."""

import pytest

from handoff.wait_questions import asks_about_wait

ABOUT_THE_WAIT = """
how long
How long?
ok, how long
so how long roughly
how long left
how long will it take?
how long is the wait
how long do I have to wait
how long do i have to wait for a person
how long till someone comes
how long until it's my turn
how long until someone looks at my order
how much longer
How much longer do I have to sit here
much longer?
how long am I going to be waiting
can you tell me how long?
any idea how long it will be
how soon will someone be here
how many minutes
how many people are ahead of me
how many are before me?
when is someone coming
when is someone coming?
When will somebody help me
when will someone help me with my order
when will someone answer
when will anyone get back to me
do you know when someone will be free
when is it my turn
when's my turn?
is it my turn yet
what's my position
where am I in the queue
am I next?
wait time
what is the wait time?
what's the estimated waiting time now
eta?
still waiting
still waiting...
I'm still waiting here
still waiting for someone
still waiting for somebody to help me
I've been waiting for 20 minutes
been waiting ages
I have been waiting for an hour now
still nobody
nobody is coming
is anyone coming
is anybody going to help me
is someone there
will anyone answer?
anyone?
hello? anybody there
are you still there
where is everyone
where is my agent
why is this taking so long?
what's taking so long
this is taking forever
will it take long
is the wait long
any news?
update
any update on my turn
how do I leave the queue?
can i leave?
leave?
I've been here for 20 minutes, how much longer?
how long for a person
how long for an agent?
how long before someone gets to me
how long does it take for someone to reply
how long does an agent take to reply
how long until somebody writes back
any idea how long the wait is
am I still in line for a person?
is my place in the queue still kept?
will I lose my place if I leave the queue
can I leave and come back later?
keep waiting
I'll wait
yes, keep my place
no, I'll keep waiting
I don't want to leave
I don't want to leave the queue
How much longer do I have to wait? I have a meeting at 3
How long is the queue? I'm on my lunch break
""".strip().splitlines()

ABOUT_SOMETHING_ELSE = """
how long does shipping take
how long does delivery take
how long will it take to arrive
how long will it take to ship
how long until it arrives
how long until my refund
how long till my order arrives
how long until I get my parcel
how long does a refund take
how long do I have to return something
how long do I have to wait for my refund
how long do I have to wait for someone to deliver it
how long is the warranty
how long is the line of credit
how long are the sleeves
how many days
how many people does the sofa seat
how much longer is the large one
when is my order coming
when is it coming
when is someone coming with my parcel
when is someone coming to pick up my return
when will someone deliver my parcel
when will someone refund me
when do you open
when will it arrive
still waiting for my parcel
still waiting for my refund
still waiting on order 10412
I've been waiting for 3 weeks
I've been waiting for my parcel for an hour
where is my order
where is it
where am I supposed to send it
where am I on the size chart
what number is the spot light in the line
wait time for delivery
why is my order taking so long
why is it taking so long to ship
will it take long to ship
is anyone coming to pick it up
any update on my order
any news on the refund
can I leave a review?
can I leave it at the door?
thanks
my parcel never came
can i quit and get my money back
I'll wait for the parcel
keep it
yes
no
how long is the queue at your store? I want to visit the shop on Sunday
""".strip().splitlines()


@pytest.mark.parametrize("text", ABOUT_THE_WAIT)
def test_a_question_about_the_wait_is_heard(text: str) -> None:
    assert asks_about_wait(text)
    assert asks_about_wait(f"  {text.upper()} ")


@pytest.mark.parametrize("text", ABOUT_SOMETHING_ELSE)
def test_a_question_about_an_order_or_the_shop_is_not(text: str) -> None:
    assert not asks_about_wait(text)


@pytest.mark.parametrize("text", ["", "?", "’", "how long " * 40])
def test_no_words_and_long_ones_are_nothing_about_the_wait(text: str) -> None:
    assert not asks_about_wait(text)
